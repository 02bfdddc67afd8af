package io.mainstay.head.amqp;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The sockets that are open now, whether their clients are known or not. Thread-safe.
final class OpenConnections {

    private final Set<AmqpConnection> all = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /// Whether the head stops, so that none is opened any more.
    private volatile boolean ending;

    void opened(AmqpConnection connection) {
        all.add(connection);
    }

    void closed(AmqpConnection connection) {
        all.remove(connection);
        if (ending && all.isEmpty()) {
            gone.complete(null);
        }
    }

    /// None is opened from now on.
    ///
    /// @return completes when none is open any more
    CompletableFuture<Void> end() {
        ending = true;
        if (all.isEmpty()) {
            gone.complete(null);
        }
        return gone;
    }

    int count() {
        return all.size();
    }

    void each(Consumer<AmqpConnection> action) {
        all.forEach(action);
    }
}
