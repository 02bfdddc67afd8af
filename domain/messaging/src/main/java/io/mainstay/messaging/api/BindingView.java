package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

/// A way from an exchange to a queue or another exchange.
///
/// @param propertiesKey RabbitMQ's name of the binding within (source, destination): the routing key, with a hash of the arguments if there are any
public record BindingView(
        String vhost,
        String source,
        String destination,
        boolean toExchange,
        String routingKey,
        FieldTable arguments,
        String propertiesKey) {}
