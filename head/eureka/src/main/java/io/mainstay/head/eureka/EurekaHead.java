package io.mainstay.head.eureka;

import io.mainstay.head.web.AuthGate;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.PortUnavailableException;
import io.mainstay.head.web.WebServer;
import io.mainstay.platform.Platform;
import io.mainstay.platform.Threads.Running;
import io.vertx.core.Vertx;

import java.time.Duration;

/// The Eureka protocol on one port: `/eureka` and `/eureka/v2` with the same answers, for the namespace `default`;
/// `/ns/{namespace}` before them for another one.
///
/// It keeps no state but encoded bytes that it can make again; what it tells is the registry's view. Stop it before the registry.
public final class EurekaHead implements AutoCloseable {

    private static final Duration SWEEP = Duration.ofSeconds(15);

    private final WebServer server;
    private final Running sweep;

    private EurekaHead(WebServer server, Running sweep) {
        this.server = server;
        this.sweep = sweep;
    }

    /// Listens; returns when clients are served.
    ///
    /// @param peers the registry, and the Eureka servers that are told of its changes; they stay the caller's
    /// @param vertx event loops of the node, from [io.mainstay.head.web.EventLoops]; they stay the caller's
    public static EurekaHead start(
            EurekaHeadConfig config,
            EurekaPeers peers,
            Authenticator authenticator,
            Platform platform,
            Vertx vertx)
            throws PortUnavailableException {
        NamespaceCaches caches = new NamespaceCaches(platform.clock());
        EurekaReads reads = new EurekaReads(vertx, peers.outward(), platform.clock(), caches);
        EurekaChanges changes = new EurekaChanges(peers);
        EurekaCalls calls =
                new EurekaCalls(
                        config,
                        peers.inward(),
                        new AuthGate(authenticator, "eureka"),
                        reads,
                        changes);
        WebServer server = WebServer.start(vertx, config.web(), calls);
        Running sweep = platform.threads().every("eureka-forms", SWEEP, caches::dropUnread);
        return new EurekaHead(server, sweep);
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
    }

    /// Takes no more requests. Idempotent; not on an event loop.
    @Override
    public void close() {
        sweep.close();
        server.close();
    }
}
