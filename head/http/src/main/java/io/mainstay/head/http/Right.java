package io.mainstay.head.http;

import io.mainstay.access.api.Role;

import java.util.Arrays;
import java.util.stream.Collectors;

/// What a call of the admin API needs, and the one table of who has it.
enum Right {
    /// Nothing: it tells nothing of the node, or it is where somebody says who they are.
    OPEN,
    /// To see everything but users; also what everybody may do with their own user.
    READ,
    /// To change what is registered, and how it is protected.
    CHANGE,
    /// To see and change users.
    USERS;

    boolean isOf(Role role) {
        return switch (this) {
            case OPEN -> true;
            case READ ->
                    switch (role) {
                        case ADMIN, OPERATOR, VIEWER -> true;
                        // Its credentials lie in the configuration of applications.
                        case SERVICE -> false;
                    };
            case CHANGE ->
                    switch (role) {
                        case ADMIN, OPERATOR -> true;
                        case VIEWER, SERVICE -> false;
                    };
            case USERS ->
                    switch (role) {
                        case ADMIN -> true;
                        case OPERATOR, VIEWER, SERVICE -> false;
                    };
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
