package io.mainstay.access.api;

import java.util.List;

/// Somebody who has shown who they are.
///
/// @param namespaces those that they are bound to, sorted; none: they are bound to none and reach all
public record Principal(String user, Role role, List<String> namespaces) {
    public Principal {
        namespaces = List.copyOf(namespaces);
    }
}
