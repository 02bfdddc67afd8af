package io.mainstay.access.api;

/// Somebody who has shown who they are.
public record Principal(String user, Role role) {}
