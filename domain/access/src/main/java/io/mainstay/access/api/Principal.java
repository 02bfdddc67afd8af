package io.mainstay.access.api;

import java.util.List;

/// Somebody who has shown who they are.
///
/// @param namespaces those that they are bound to, sorted; none: they are bound to none and reach all
/// @param tags see [UserTags]; mostly none
public record Principal(String user, Role role, List<String> namespaces, List<String> tags) {
    public Principal {
        namespaces = List.copyOf(namespaces);
        tags = List.copyOf(tags);
    }

    /// Somebody without tags.
    public Principal(String user, Role role, List<String> namespaces) {
        this(user, role, namespaces, List.of());
    }
}
