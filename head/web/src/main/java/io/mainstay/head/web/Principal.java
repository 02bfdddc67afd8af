package io.mainstay.head.web;

import io.mainstay.access.api.Role;

import java.util.List;

/// Who sent a request.
///
/// @param name user's name, empty for somebody who need not say it
/// @param role what they may do; each head has one table from roles to its calls
/// @param namespaces those that they are bound to, sorted; none: they reach all
/// @param tags words of RabbitMQ's management, see [io.mainstay.access.api.UserTags]; mostly none
public record Principal(String name, Role role, List<String> namespaces, List<String> tags) {

    public Principal {
        namespaces = List.copyOf(namespaces);
        tags = List.copyOf(tags);
    }

    /// Somebody without tags.
    public Principal(String name, Role role, List<String> namespaces) {
        this(name, role, namespaces, List.of());
    }

    /// Somebody who reaches every namespace.
    public Principal(String name, Role role) {
        this(name, role, List.of());
    }

    /// Everybody, on a loopback node without users.
    public static final Principal ANONYMOUS = new Principal("", Role.ADMIN);

    /// Whether what is in that namespace is their business at all.
    public boolean reaches(String namespace) {
        return namespaces.isEmpty() || namespaces.contains(namespace);
    }

    /// The name for logs and sentences.
    public String shown() {
        return name.isEmpty() ? "anonymous" : name;
    }
}
