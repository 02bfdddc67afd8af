package io.mainstay.head.web;

import io.mainstay.access.api.Role;

/// Who sent a request.
///
/// @param name user's name, empty for somebody who need not say it
/// @param role what they may do; each head has one table from roles to its calls
public record Principal(String name, Role role) {

    /// Everybody, on a loopback node without users.
    public static final Principal ANONYMOUS = new Principal("", Role.ADMIN);

    /// The name for logs and sentences.
    public String shown() {
        return name.isEmpty() ? "anonymous" : name;
    }
}
