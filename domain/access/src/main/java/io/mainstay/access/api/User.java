package io.mainstay.access.api;

import java.util.List;

/// A user as others may see it: without any secret.
///
/// @param namespaces those that the user is bound to, sorted; none: all. Always none for an ADMIN
/// @param tags words of RabbitMQ's management that say more than the role, see [UserTags]; mostly none
/// @param tokens labels of the tokens, sorted
/// @param createdMs Unix time of the command that made it
/// @param changedMs Unix time of the last change of role, password or namespaces
public record User(
        String name,
        Role role,
        List<String> namespaces,
        List<String> tags,
        List<String> tokens,
        long createdMs,
        long changedMs) {
    public User {
        namespaces = List.copyOf(namespaces);
        tags = List.copyOf(tags);
        tokens = List.copyOf(tokens);
    }
}
