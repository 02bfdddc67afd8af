package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// The bindings of one exchange, arranged for its way of routing. Immutable.
sealed interface Routes permits DirectRoutes, FanoutRoutes, TopicRoutes, HeaderRoutes, HashRoutes {

    /// Of an exchange without bindings.
    static Routes of(ExchangeView exchange) {
        return switch (exchange.routing()) {
            case DIRECT -> DirectRoutes.NONE;
            case FANOUT -> FanoutRoutes.NONE;
            case TOPIC -> TopicRoutes.NONE;
            case HEADERS -> HeaderRoutes.NONE;
            case CONSISTENT_HASH -> HashRoutes.of(exchange.arguments());
        };
    }

    /// @param number of the binding, growing in the order of declaration
    Routes with(BindingView binding, long number, Target target);

    /// @param target as it was given
    Routes without(BindingView binding, Target target);

    /// The destinations of the message, if they are laid out beforehand; `null` if the message must be looked at more closely.
    default @Nullable Targets known(String routingKey) {
        return null;
    }

    void route(String routingKey, Supplier<FieldTable> headers, Reached reached);
}
