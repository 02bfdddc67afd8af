package io.mainstay.head.http;

import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.PortUnavailableException;
import io.mainstay.head.web.WebServer;
import io.mainstay.head.web.WebServerConfig;
import io.vertx.core.Vertx;

/// The port for people and their tools: admin API below `/api/v1`, health, metrics, the console.
public final class HttpHead implements AutoCloseable {

    private final WebServer server;

    private HttpHead(WebServer server) {
        this.server = server;
    }

    /// Listens; returns when clients are served.
    ///
    /// @param console the page at `/`
    /// @param vertx event loops of the node; they stay the caller's
    public static HttpHead start(
            WebServerConfig web,
            AdminServices services,
            ConsoleFiles console,
            Authenticator authenticator,
            Vertx vertx)
            throws PortUnavailableException {
        AdminCalls calls = new AdminCalls(services, console, authenticator, web);
        return new HttpHead(WebServer.start(vertx, 1, web, calls));
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
