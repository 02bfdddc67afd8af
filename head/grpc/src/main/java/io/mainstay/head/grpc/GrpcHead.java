package io.mainstay.head.grpc;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.PortUnavailableException;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.platform.Platform;
import io.mainstay.platform.Threads.Running;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.push.PushEngine;
import io.mainstay.registry.session.Sessions;
import io.mainstay.registry.v1.ClientFrame;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/// The streaming protocol on one port. Stop it before the registry.
public final class GrpcHead implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(100);

    /// A connection that says nothing is asked whether it is there, so that a half-open one does not stay.
    private static final long PING_SECONDS = 20;

    private static final long CLOSE_SECONDS = 2;

    private final Server server;
    private final Running ticker;
    private final OpenStreams open;

    private GrpcHead(Server server, Running ticker, OpenStreams open) {
        this.server = server;
        this.ticker = ticker;
        this.open = open;
    }

    /// Listens; returns when clients are served.
    ///
    /// @param sessions ticked from here
    /// @throws PortUnavailableException with a sentence for people; also if certificate or key cannot be used
    public static GrpcHead start(
            GrpcHeadConfig config,
            Registry registry,
            Sessions sessions,
            PushEngine push,
            Authenticator authenticator,
            Platform platform)
            throws PortUnavailableException {
        PendingHellos pending = new PendingHellos(platform.clock());
        OpenStreams open = new OpenStreams();
        RegistryStream.Shared shared =
                new RegistryStream.Shared(
                        config, registry, sessions, push, authenticator, pending, open);
        ServerCallHandler<ClientFrame, byte[]> handler =
                new ServerCallHandler<>() {
                    @Override
                    public ServerCall.Listener<ClientFrame> startCall(
                            ServerCall<ClientFrame, byte[]> call, Metadata headers) {
                        call.sendHeaders(new Metadata());
                        RegistryStream stream = new RegistryStream(shared, call, headers);
                        pending.opened(stream);
                        return stream;
                    }
                };
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
                        .directExecutor()
                        .maxInboundMessageSize(GrpcLimits.FRAME_BYTES)
                        .maxInboundMetadataSize(GrpcLimits.METADATA_BYTES)
                        .maxConcurrentCallsPerConnection(GrpcLimits.CALLS_PER_CONNECTION)
                        .permitKeepAliveTime(1, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(false)
                        .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTimeout(PING_SECONDS / 2, TimeUnit.SECONDS)
                        .handshakeTimeout(10, TimeUnit.SECONDS)
                        .addService(
                                ServerServiceDefinition.builder(RegistryMethod.SERVICE)
                                        .addMethod(RegistryMethod.CONNECT, handler)
                                        .build());
        WebServerConfig named = WebServerConfig.plain("grpc", config.host(), config.port());
        Server server;
        try {
            if (config.certificate() != null && config.key() != null) {
                builder.sslContext(
                        GrpcSslContexts.forServer(
                                        config.certificate().toFile(), config.key().toFile())
                                .build());
            }
            server = builder.build().start();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw PortUnavailableException.of(named, unusable);
        } catch (IOException taken) {
            throw PortUnavailableException.of(
                    named, taken.getCause() == null ? taken : taken.getCause());
        }
        Running ticker =
                platform.threads()
                        .every(
                                "mainstay-sessions",
                                TICK,
                                () -> {
                                    pending.tick();
                                    open.tick();
                                    sessions.tick();
                                });
        return new GrpcHead(server, ticker, open);
    }

    /// The port that is listened on.
    public int port() {
        return server.getPort();
    }

    /// Streams that are open now.
    public int streams() {
        return open.count();
    }

    /// Takes no more streams and ends those there are. Idempotent.
    @Override
    public void close() {
        ticker.close();
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
