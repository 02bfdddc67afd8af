package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

/// An exchange.
///
/// @param type as declared, `direct` or `x-delayed-message`
/// @param routing how it routes: of a delayed exchange the type that it was declared to stand for
/// @param delayQueue where messages with a header `x-delay` wait before they are routed; `null` if they do not
/// @param alternate where messages go that no binding takes, by argument or policy; empty: nowhere
/// @param policy name of the policy in effect, empty: none
public record ExchangeView(
        String vhost,
        String name,
        String type,
        Routing routing,
        @Nullable QueueView delayQueue,
        boolean durable,
        boolean autoDelete,
        boolean internal,
        FieldTable arguments,
        String alternate,
        String policy) {

    /// Whether messages may wait.
    public boolean delayed() {
        return delayQueue != null;
    }

    /// How bindings are chosen.
    public enum Routing {
        DIRECT,
        FANOUT,
        TOPIC,
        HEADERS,
        CONSISTENT_HASH
    }
}
