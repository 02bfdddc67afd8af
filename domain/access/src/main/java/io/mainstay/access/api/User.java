package io.mainstay.access.api;

import java.util.List;

/// A user as others may see it: without any secret.
///
/// @param tokens labels of the tokens, sorted
/// @param createdMs Unix time of the command that made it
/// @param changedMs Unix time of the last change of role or password
public record User(String name, Role role, List<String> tokens, long createdMs, long changedMs) {
    public User {
        tokens = List.copyOf(tokens);
    }
}
