package io.mainstay.access.api;

import org.jspecify.annotations.Nullable;

/// What a user may do. Numbers are on disk and are never used again.
public enum Role {
    /// Everything, users included.
    ADMIN(1),
    /// Reads and changes everything but users.
    OPERATOR(2),
    /// Reads everything but users.
    VIEWER(3),
    /// An application: uses the services that the node offers, and not the admin API.
    SERVICE(4),
    /// Messaging only, as far as permissions of virtual hosts and tags allow: what a user of RabbitMQ without a tag of an administrator is.
    CLIENT(5);

    private final int number;

    Role(int number) {
        this.number = number;
    }

    /// One byte on disk.
    public int number() {
        return number;
    }

    /// The role of a number, or `null` if there is none.
    public static @Nullable Role ofNumber(int number) {
        for (Role role : values()) {
            if (role.number == number) {
                return role;
            }
        }
        return null;
    }
}
