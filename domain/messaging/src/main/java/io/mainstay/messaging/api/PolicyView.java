package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

/// A policy or operator policy of a virtual host; see [TopologyChange.PutPolicy].
public record PolicyView(
        String vhost,
        String name,
        String pattern,
        String applyTo,
        int priority,
        FieldTable definition,
        boolean operator) {}
