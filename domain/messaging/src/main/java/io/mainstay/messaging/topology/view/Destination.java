package io.mainstay.messaging.topology.view;

/// A queue or exchange that bindings lead to.
public record Destination(String name, boolean toExchange) {}
