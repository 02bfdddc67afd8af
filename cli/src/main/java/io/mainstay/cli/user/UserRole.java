package io.mainstay.cli.user;

/// What a user may do.
enum UserRole {
    ADMIN,
    OPERATOR,
    VIEWER,
    SERVICE,
    CLIENT
}
