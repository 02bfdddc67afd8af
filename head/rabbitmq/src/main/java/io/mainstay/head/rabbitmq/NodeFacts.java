package io.mainstay.head.rabbitmq;

import java.util.List;

/// What the management API tells of the node beside messages.
///
/// @param startedMs Unix time
/// @param memoryUsedBytes what is needed of heap and buffers, garbage not among it
/// @param memoryLimitBytes above it publishers are blocked
/// @param diskFreeBytes where the data directory lies
/// @param diskLimitBytes below it publishers are blocked
/// @param ready whether every raft group has a leader and the journal takes writes
/// @param listeners every port that is served
public record NodeFacts(
        long startedMs,
        long memoryUsedBytes,
        long memoryLimitBytes,
        boolean memoryAlarm,
        long diskFreeBytes,
        long diskLimitBytes,
        boolean diskAlarm,
        boolean ready,
        List<Listener> listeners) {

    public NodeFacts {
        listeners = List.copyOf(listeners);
    }

    /// @param protocol as RabbitMQ names it: `amqp`, `amqp/ssl`, `http`, `http/prometheus`
    public record Listener(String protocol, String host, int port) {}
}
