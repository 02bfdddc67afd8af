package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.PortUnavailableException;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.platform.Platform;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/// AMQP 0-9-1 on one port, and over TLS on another. Stop it before messaging.
///
/// It has event loops of its own, one for two cores and at least one, as the HTTP heads have theirs: a client that floods the broker must not make
/// beats of registered instances late. One of them also accepts connections, which is little work.
public final class AmqpHead implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpHead.class);
    private static final long CLOSE_SECONDS = 5;

    /// For clients to read that the node stops.
    private static final long TOLD_SECONDS = 2;

    private static final int LEAST_READ_BYTES = 512;
    private static final int FIRST_READ_BYTES = 4 << 10;

    /// Two frames of the usual largest size come whole more often than not, and what is whole is not copied.
    private static final int MOST_READ_BYTES = 256 << 10;

    private static final int BACKLOG = 4096;

    private final EventLoopGroup loops;
    private final List<Channel> listeners = new ArrayList<>();
    private final Shared shared;
    private int port;
    private int tlsPort;

    private AmqpHead(EventLoopGroup loops, Shared shared) {
        this.loops = loops;
        this.shared = shared;
    }

    /// Listens; publishers are never blocked. See the other method.
    public static AmqpHead start(
            AmqpHeadConfig config,
            Messaging messaging,
            Authenticator authenticator,
            Platform platform)
            throws PortUnavailableException {
        return start(config, messaging, authenticator, platform, PublishAlarm.never());
    }

    /// Listens; returns when clients are served.
    ///
    /// @throws PortUnavailableException with a sentence for people; also if certificate or key cannot be used
    public static AmqpHead start(
            AmqpHeadConfig config,
            Messaging messaging,
            Authenticator authenticator,
            Platform platform,
            PublishAlarm alarm)
            throws PortUnavailableException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("mainstay-amqp", true), io);
        OpenConnections open = new OpenConnections();
        Shared shared =
                new Shared(
                        config,
                        messaging,
                        authenticator,
                        platform.clock(),
                        alarm,
                        new DirectReplies(),
                        open,
                        new DeliveriesInHand(AmqpLimits.ALL_IN_HAND),
                        new Quotas(config.maxConnections()));
        AmqpHead head = new AmqpHead(loops, shared);
        boolean started = false;
        try {
            Class<? extends ServerChannel> type =
                    epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
            head.port = head.listen(type, "amqp", config.port(), null);
            AmqpHeadConfig.Tls tls = config.tls();
            if (tls != null) {
                head.tlsPort = head.listen(type, "amqps", tls.port(), context(config, tls));
            }
            started = true;
        } finally {
            if (!started) {
                head.close();
            }
        }
        alarm.listen(() -> open.each(AmqpConnection::alarmChanged));
        return head;
    }

    private static SslContext context(AmqpHeadConfig config, AmqpHeadConfig.Tls tls)
            throws PortUnavailableException {
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(tls.certificate().toFile(), tls.key().toFile());
            AmqpHeadConfig.ClientCertificates clients = tls.clients();
            if (clients != null) {
                builder.trustManager(clients.ca().toFile())
                        .clientAuth(clients.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw PortUnavailableException.of(
                    WebServerConfig.plain("amqps", config.host(), tls.port()), unusable);
        }
    }

    /// @return the port that is listened on
    private int listen(
            Class<? extends ServerChannel> type, String name, int wanted, @Nullable SslContext tls)
            throws PortUnavailableException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops)
                        .channel(type)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(
                                        LEAST_READ_BYTES, FIRST_READ_BYTES, MOST_READ_BYTES))
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        connected(channel, tls);
                                    }
                                });
        ChannelFuture bound = bootstrap.bind(new InetSocketAddress(shared.config().host(), wanted));
        bound.awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw PortUnavailableException.of(
                    WebServerConfig.plain(name, shared.config().host(), wanted), bound.cause());
        }
        listeners.add(bound.channel());
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    private void connected(SocketChannel channel, @Nullable SslContext tls) {
        if (shared.open().count() >= shared.config().maxConnections() + AmqpLimits.SPARE_SOCKETS) {
            // No answer: who says nothing yet is not worth the memory of a sentence.
            LOG.debug("AMQP client {}: too many sockets are open", channel.remoteAddress());
            channel.close();
            return;
        }
        AmqpConnection connection = new AmqpConnection(shared, tls != null);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(connection.decoder(), connection);
    }

    /// The port of AMQP that is listened on.
    public int port() {
        return port;
    }

    /// The port of AMQP over TLS; 0 if there is none.
    public int tlsPort() {
        return tlsPort;
    }

    /// Sockets that are open now.
    public int connections() {
        return shared.open().count();
    }

    /// Takes no more connections, tells clients that the node stops, and ends the event loops when they have answered, or after some seconds. Idempotent;
    /// must not be called on an event loop.
    @Override
    public void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        listeners.clear();
        shared.open()
                .each(
                        connection ->
                                connection.onLoop(
                                        () ->
                                                connection.close(
                                                        ReplyCode.CONNECTION_FORCED,
                                                        "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'",
                                                        0)));
        // Event loops that end cut their connections first, also from what they were just asked to
        // send.
        shared.open().end().completeOnTimeout(null, TOLD_SECONDS, TimeUnit.SECONDS).join();
        boolean ended =
                loops.shutdownGracefully(100, CLOSE_SECONDS * 1000, TimeUnit.MILLISECONDS)
                        .awaitUninterruptibly(CLOSE_SECONDS + 1, TimeUnit.SECONDS);
        if (!ended) {
            LOG.warn("The event loops of the AMQP head did not end in time");
        }
    }
}
