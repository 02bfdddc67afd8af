package io.mainstay.head.web;

import java.util.Set;

/// Who sent a request.
///
/// @param name user's name, empty for somebody who need not say it
/// @param roles names of roles as the domain `access` defines them
public record Principal(String name, Set<String> roles) {

    public static final Principal ANONYMOUS = new Principal("", Set.of());

    public Principal {
        roles = Set.copyOf(roles);
    }
}
