package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.message.FieldTable;

/// What a declaration needs beside the right to configure what it declares: whoever leads messages into an exchange must be allowed to write there.
final class Rights {

    private static final String DEAD_LETTERS = "x-dead-letter-exchange";
    private static final String ALTERNATE = "alternate-exchange";

    private Rights() {}

    static void ofQueue(RabbitRequest request, String queue, FieldTable arguments)
            throws RefusedException {
        if (arguments.get(DEAD_LETTERS) instanceof String exchange) {
            request.needs(Operation.READ, queue);
            request.needs(Operation.WRITE, exchange);
        }
    }

    /// Topic permissions are of topic exchanges only.
    static void ofTopic(RabbitRequest request, String exchange, Operation operation, String key)
            throws RefusedException {
        ExchangeView view = request.vhost().exchange(exchange);
        if (view != null && view.routing() == ExchangeView.Routing.TOPIC) {
            request.caller()
                    .needsTopic(
                            request.view(), request.name(Route.VHOST), exchange, operation, key);
        }
    }

    static void ofExchange(RabbitRequest request, String name, FieldTable arguments)
            throws RefusedException {
        if (arguments.get(ALTERNATE) instanceof String exchange) {
            request.needs(Operation.READ, name);
            request.needs(Operation.WRITE, exchange);
        }
    }
}
