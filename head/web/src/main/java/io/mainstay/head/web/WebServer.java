package io.mainstay.head.web;

import io.mainstay.head.web.WebServerConfig.WebLimits;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.impl.ConnectionBase;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One HTTP/1.1 listener, spread over the event loops it is given: a connection belongs to one of them for life.
///
/// The handler runs on the connection's loop and must not block. If it throws, the client gets 500 without a body and the log the stack.
/// Requests beyond the limits never reach it: 414 for the request line, 431 for the headers.
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final long CLOSE_SECONDS = 10;

    private static final int FREE_PORT_TRIES = 5;

    /// Characters of a stranger's text in one line of the log.
    private static final int MAX_LOGGED = 200;

    private final Vertx vertx;
    private final String deployment;
    private final int port;

    private WebServer(Vertx vertx, String deployment, int port) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.port = port;
    }

    /// Listens; returns when connections are taken.
    ///
    /// @throws PortUnavailableException with a sentence for people; also if certificate or key cannot be used
    public static WebServer start(
            Vertx vertx, int loops, WebServerConfig config, Handler<HttpServerRequest> handler)
            throws PortUnavailableException {
        Handler<HttpServerRequest> guarded = request -> guarded(request, handler);
        // Several loops share a listener by its number; only one loop alone can leave the choice to
        // the kernel.
        boolean choose = config.port() == 0 && loops > 1;
        for (int attempt = 1; ; attempt++) {
            int port = choose ? freePort(config) : config.port();
            AtomicInteger bound = new AtomicInteger();
            HttpServerOptions options = options(config, port);
            try {
                String deployment =
                        vertx.deployVerticle(
                                        () ->
                                                new Listener(
                                                        options,
                                                        config.limits().head(),
                                                        guarded,
                                                        bound),
                                        new DeploymentOptions().setInstances(loops))
                                .toCompletionStage()
                                .toCompletableFuture()
                                .join();
                return new WebServer(vertx, deployment, bound.get());
            } catch (CompletionException failed) {
                if (!choose || attempt == FREE_PORT_TRIES) {
                    Throwable cause = failed.getCause() == null ? failed : failed.getCause();
                    throw PortUnavailableException.of(config, cause);
                }
                LOG.debug("Port {} was taken before it could be used", port, failed);
            }
        }
    }

    private static int freePort(WebServerConfig config) throws PortUnavailableException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(config.host()))) {
            return probe.getLocalPort();
        } catch (IOException failed) {
            throw PortUnavailableException.of(config, failed);
        }
    }

    /// On as many loops as [EventLoops#start()] makes.
    public static WebServer start(
            Vertx vertx, WebServerConfig config, Handler<HttpServerRequest> handler)
            throws PortUnavailableException {
        int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return start(vertx, loops, config, handler);
    }

    /// The port that is listened on.
    public int port() {
        return port;
    }

    /// Takes no more connections and closes those there are. Idempotent; must not be called on an event loop.
    @Override
    public void close() {
        if (!vertx.deploymentIDs().contains(deployment)) {
            return;
        }
        try {
            vertx.undeploy(deployment)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failed) {
            LOG.warn("The listener on port {} did not close in order", port, failed);
        }
    }

    private static HttpServerOptions options(WebServerConfig config, int port) {
        WebLimits limits = config.limits();
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHost(config.host())
                        .setPort(port)
                        .setTcpNoDelay(true)
                        .setReuseAddress(true)
                        .setAcceptBacklog(4096)
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setIdleTimeout((int) limits.idle().toMillis())
                        .setMaxInitialLineLength(limits.requestLineBytes())
                        .setMaxHeaderSize(limits.headerBytes())
                        .setHandle100ContinueAutomatically(true)
                        // No head takes web sockets: each would cost every request a handler.
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setHttp2ClearTextEnabled(false);
        if (config.certificate() != null && config.key() != null) {
            options.setSsl(true)
                    .setUseAlpn(false)
                    .setKeyCertOptions(
                            new PemKeyCertOptions()
                                    .setCertPath(config.certificate().toString())
                                    .setKeyPath(config.key().toString()));
        }
        return options;
    }

    private static void guarded(HttpServerRequest request, Handler<HttpServerRequest> handler) {
        try {
            handler.handle(request);
        } catch (RuntimeException broken) {
            LOG.error("{} {} could not be answered", request.method(), request.path(), broken);
            Answers.refuse(request, 500, "");
        }
    }

    /// What the decoder refuses: 414, 431, or 400 for what is no HTTP.
    private static void invalid(HttpServerRequest request) {
        if (LOG.isInfoEnabled()) {
            Throwable why = request.decoderResult().cause();
            LOG.info(
                    "Refused a request from {} on port {}: {}",
                    request.remoteAddress(),
                    request.localAddress().port(),
                    why == null
                            ? "it cannot be read"
                            : printable(String.valueOf(why.getMessage())));
        }
        HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
    }

    /// A stranger's text must not forge lines of the log, nor fill it.
    private static String printable(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MAX_LOGGED ? clean : clean.substring(0, MAX_LOGGED) + "…";
    }

    /// The listener's share on one event loop.
    private static final class Listener extends AbstractVerticle {
        private final HttpServerOptions options;
        private final Duration head;
        private final Handler<HttpServerRequest> handler;
        private final AtomicInteger bound;

        Listener(
                HttpServerOptions options,
                Duration head,
                Handler<HttpServerRequest> handler,
                AtomicInteger bound) {
            this.options = options;
            this.head = head;
            this.handler = handler;
            this.bound = bound;
        }

        @Override
        public void start(Promise<Void> started) {
            HttpServer server =
                    vertx.createHttpServer(options)
                            .connectionHandler(this::watch)
                            .invalidRequestHandler(WebServer::invalid)
                            .requestHandler(handler);
            server.listen()
                    .onSuccess(listening -> bound.set(listening.actualPort()))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        private void watch(HttpConnection connection) {
            HeadDeadline.watch(
                    ((ConnectionBase) connection).channelHandlerContext().pipeline(), head);
        }
    }
}
