package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.Access;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.PortUnavailableException;
import io.mainstay.head.web.RateBook;
import io.mainstay.head.web.WebServer;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.service.MessagingTotals;
import io.mainstay.platform.Clock;
import io.vertx.core.Vertx;

import java.util.function.Supplier;

/// RabbitMQ's management API below `/api`; `/metrics` with RabbitMQ's names; `/` leads to the console.
public final class RabbitHead implements AutoCloseable {

    private final WebServer server;

    private RabbitHead(WebServer server) {
        this.server = server;
    }

    /// Listens; returns when clients are served.
    ///
    /// @param authenticator who the users are; while there are none, guest is let in from this machine
    /// @param adminUrl where the console is, asked for each time
    /// @param vertx event loops of the node; they stay the caller's
    public static RabbitHead start(
            RabbitHeadConfig config,
            Messaging messaging,
            Access access,
            Authenticator authenticator,
            Supplier<String> adminUrl,
            Clock clock,
            Vertx vertx)
            throws PortUnavailableException {
        MessagingTotals totals = new MessagingTotals(messaging);
        Services services =
                new Services(
                        config,
                        messaging,
                        access,
                        adminUrl,
                        clock,
                        totals,
                        new RateBook(clock),
                        RabbitMetrics.of(config, messaging, totals));
        RabbitCalls calls = new RabbitCalls(services, authenticator);
        return new RabbitHead(WebServer.start(vertx, 1, config.web(), calls));
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
    }

    /// Takes no more requests. Idempotent; not on an event loop.
    @Override
    public void close() {
        server.close();
    }
}
