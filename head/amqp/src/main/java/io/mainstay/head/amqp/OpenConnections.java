package io.mainstay.head.amqp;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The sockets that are open now, whether their clients are known or not. Thread-safe.
final class OpenConnections {

    private final Set<AmqpConnection> all = ConcurrentHashMap.newKeySet();

    void opened(AmqpConnection connection) {
        all.add(connection);
    }

    void closed(AmqpConnection connection) {
        all.remove(connection);
    }

    int count() {
        return all.size();
    }

    void each(Consumer<AmqpConnection> action) {
        all.forEach(action);
    }
}
