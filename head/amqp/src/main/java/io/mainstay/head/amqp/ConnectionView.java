package io.mainstay.head.amqp;

import io.mainstay.head.amqp.Handshake.Peer;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.Clients.ConnectionInfo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/// A connection for people who look. Thread-safe.
final class ConnectionView implements ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionView.class);

    private final String id;
    private final AmqpConnection connection;
    private final Peer peer;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private volatile List<AmqpChannel> channels = List.of();
    private volatile boolean blocked;
    private volatile boolean flow;
    private volatile boolean closing;

    ConnectionView(String id, AmqpConnection connection, Peer peer) {
        this.id = id;
        this.connection = connection;
        this.peer = peer;
        this.remote = inet(connection.wire().context().channel().remoteAddress());
        this.local = inet(connection.wire().context().channel().localAddress());
    }

    /// A socket that broke has no address.
    private static InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet
                : InetSocketAddress.createUnresolved("unknown", 0);
    }

    void channels(List<AmqpChannel> present) {
        channels = present;
    }

    void blocked(boolean now) {
        blocked = now;
    }

    /// Its publishes wait for the consumers of a queue.
    void flow(boolean now) {
        flow = now;
    }

    private String state() {
        if (closing) {
            return "closing";
        }
        if (blocked) {
            return "blocked";
        }
        return flow ? "flow" : "running";
    }

    @Override
    public String id() {
        return id;
    }

    private String name() {
        return "%s:%s -> %s:%s"
                .formatted(
                        remote.getHostString(),
                        remote.getPort(),
                        local.getHostString(),
                        local.getPort());
    }

    @Override
    public ConnectionInfo info() {
        return new ConnectionInfo(
                name(),
                peer.user(),
                peer.vhost(),
                "AMQP 0-9-1",
                peer.mechanism(),
                peer.tls(),
                remote.getHostString(),
                remote.getPort(),
                local.getHostString(),
                local.getPort(),
                peer.tuning().channelMax(),
                peer.tuning().frameMax(),
                peer.tuning().heartbeatSeconds(),
                peer.connectedAtMs(),
                state(),
                peer.clientProperties(),
                connection.bytesIn(),
                connection.bytesOut());
    }

    @Override
    public List<ChannelInfo> channels() {
        String name = name();
        return channels.stream().map(channel -> channel.info(name)).toList();
    }

    @Override
    public void close(String reason) {
        closing = true;
        try {
            connection.onLoop(
                    () ->
                            connection.close(
                                    ReplyCode.CONNECTION_FORCED,
                                    "CONNECTION_FORCED - " + reason,
                                    0));
        } catch (RejectedExecutionException ended) {
            LOG.debug("The event loop ended before {} was closed", id);
        }
    }

    @Override
    public void closeChannel(int number, String reason) {
        connection.onLoop(
                () -> {
                    if (channels.stream().anyMatch(open -> open.number() == number)) {
                        connection.failed(
                                number,
                                0,
                                new AmqpException(
                                        ReplyCode.PRECONDITION_FAILED,
                                        "channel %s closed by an operator: %s"
                                                .formatted(number, reason)));
                    }
                });
    }
}
