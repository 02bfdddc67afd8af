package io.mainstay.head.http;

import io.mainstay.access.api.Role;
import io.mainstay.head.web.Principal;

import java.util.Arrays;
import java.util.stream.Collectors;

/// What a call of the admin API needs, and the one table of who has it.
enum Right {
    /// Nothing: it tells nothing of the node, or it is where somebody says who they are.
    OPEN,
    /// To see everything but users; also what everybody may do with their own user.
    READ,
    /// To see what is in the namespace that the call names.
    READ_NAMESPACE,
    /// To change what concerns the registry of the node, over all namespaces.
    CHANGE,
    /// To change what is registered in the namespace that the call names.
    CHANGE_NAMESPACE,
    /// To see and change users.
    USERS;

    boolean isOf(Role role) {
        return switch (this) {
            case OPEN -> true;
            case READ, READ_NAMESPACE ->
                    switch (role) {
                        case ADMIN, OPERATOR, VIEWER -> true;
                        // Its credentials lie in the configuration of applications.
                        case SERVICE, CLIENT -> false;
                    };
            case CHANGE, CHANGE_NAMESPACE ->
                    switch (role) {
                        case ADMIN, OPERATOR -> true;
                        case VIEWER, SERVICE, CLIENT -> false;
                    };
            case USERS ->
                    switch (role) {
                        case ADMIN -> true;
                        case OPERATOR, VIEWER, SERVICE, CLIENT -> false;
                    };
        };
    }

    /// Whether it holds where the call wants it: a user may be bound to namespaces, and what concerns the whole node goes by roles.
    boolean reaches(Principal principal, String namespace) {
        return !isOfNamespace() || principal.reaches(namespace);
    }

    boolean isOfNamespace() {
        return switch (this) {
            case OPEN, READ, CHANGE, USERS -> false;
            case READ_NAMESPACE, CHANGE_NAMESPACE -> true;
        };
    }

    /// The roles that have it, for messages.
    String roles() {
        return Arrays.stream(Role.values())
                .filter(this::isOf)
                .map(Role::name)
                .collect(Collectors.joining(", "));
    }
}
