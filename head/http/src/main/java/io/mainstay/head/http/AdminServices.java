package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.platform.Clock;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.push.PushEngine;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What the admin API speaks for.
///
/// @param push who is told of changes
/// @param overview figures of the node by name, made anew for each call; values are text, numbers, maps and lists of them
/// @param ready true if clients are served: all raft groups have a leader and the journal takes writes
/// @param metrics the present metrics in Prometheus' text format
/// @param loopback whether only this machine can reach the node
/// @param alarm why publishers are held back at this moment, as AMQP's clients are told; empty: they are not
/// @param messaging queues and what leads to them; `null`: this node serves none
/// @param definitions users and topology as a file; `null` without messaging
public record AdminServices(
        Registry registry,
        PushEngine push,
        Access access,
        Supplier<Map<String, Object>> overview,
        BooleanSupplier ready,
        Supplier<String> metrics,
        Clock clock,
        boolean loopback,
        Supplier<String> alarm,
        @Nullable Messaging messaging,
        @Nullable Definitions definitions) {

    /// Without messaging: its calls answer 503.
    public AdminServices(
            Registry registry,
            PushEngine push,
            Access access,
            Supplier<Map<String, Object>> overview,
            BooleanSupplier ready,
            Supplier<String> metrics,
            Clock clock,
            boolean loopback) {
        this(
                registry, push, access, overview, ready, metrics, clock, loopback, () -> "", null,
                null);
    }
}
