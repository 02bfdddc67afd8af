package io.mainstay.head.rabbitmq;

import io.mainstay.head.web.Answers;
import io.mainstay.head.web.AuthGate;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.HostCheck;
import io.mainstay.head.web.PortUnavailableException;
import io.mainstay.head.web.WebServer;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.service.MessagingTotals;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/// `/metrics` and what is below it, where RabbitMQ's scrapers look, port 15692. With users it asks for credentials of one who may read, as every port does.
public final class RabbitMetricsHead implements AutoCloseable {

    private final WebServer server;

    private RabbitMetricsHead(WebServer server) {
        this.server = server;
    }

    /// Listens; returns when scrapers are served.
    ///
    /// @param web where it listens; `web.head()` is `rabbitmq-metrics`
    /// @param config what the figures say of the node
    public static RabbitMetricsHead start(
            WebServerConfig web,
            RabbitHeadConfig config,
            Messaging messaging,
            Authenticator authenticator,
            Vertx vertx)
            throws PortUnavailableException {
        RabbitMetrics metrics = RabbitMetrics.of(config, messaging, new MessagingTotals(messaging));
        AuthGate gate = new AuthGate(authenticator, "RabbitMQ metrics");
        HostCheck hosts = HostCheck.of(web.host(), config.loopback());
        Handler<HttpServerRequest> handler =
                request -> {
                    if (!hosts.passes(request)) {
                        Answers.refuse(request, 403, "Allowed hosts: " + hosts.allowed());
                    } else {
                        gate.enter(
                                request,
                                principal -> {
                                    switch (principal.role()) {
                                        case ADMIN, OPERATOR, VIEWER -> answer(request, metrics);
                                        case SERVICE, CLIENT ->
                                                Answers.refuse(
                                                        request,
                                                        403,
                                                        "ADMIN, OPERATOR and VIEWER may read.");
                                    }
                                });
                    }
                };
        return new RabbitMetricsHead(WebServer.start(vertx, 1, web, handler));
    }

    private static void answer(HttpServerRequest request, RabbitMetrics metrics) {
        boolean read = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        if (!read) {
            Answers.refuse(request, 405, "GET only.");
            return;
        }
        String text = metrics.text(String.valueOf(request.path()), request.params());
        if (text == null) {
            Answers.refuse(
                    request,
                    404,
                    "There are /metrics, /metrics/per-object and /metrics/detailed only.");
        } else {
            request.response().putHeader("Content-Type", RabbitMetrics.CONTENT_TYPE).end(text);
        }
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
