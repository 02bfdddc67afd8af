package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;

/// The connections that heads hold on this node, for people who look. Thread-safe. Those of a virtual host that is deleted are closed.
public interface Clients {

    void opened(ClientConnection connection);

    void closed(ClientConnection connection);

    /// The connection of that id; `null` if there is none.
    @Nullable ClientConnection connection(String id);

    /// In the order in which they were opened.
    Collection<ClientConnection> connections();

    /// One connection of a client. Thread-safe; what it tells may be a moment old.
    interface ClientConnection {

        /// Unique in the cluster's life; owner of the connection's exclusive queues.
        String id();

        ConnectionInfo info();

        List<ChannelInfo> channels();

        /// Closes it with the protocol's words for "closed by an operator" and `reason`. Returns at once, and never throws: any thread may call it.
        void close(String reason);

        /// Closes one of its channels with the protocol's words for "closed by an operator" and `reason`; nothing happens if it is not open (any
        /// more).
        void closeChannel(int number, String reason);
    }

    /// @param name as RabbitMQ names it: `127.0.0.1:40000 -> 127.0.0.1:5672`
    /// @param state `running`, `flow` (its publishes wait a moment for consumers), `blocked` (they wait for memory or disk), `closing`
    record ConnectionInfo(
            String name,
            String user,
            String vhost,
            String protocol,
            String authMechanism,
            boolean tls,
            String peerHost,
            int peerPort,
            String host,
            int port,
            int channelMax,
            long frameMax,
            int heartbeatSeconds,
            long connectedAtMs,
            String state,
            FieldTable clientProperties,
            long bytesIn,
            long bytesOut) {}

    /// @param name connection's name with ` (number)`
    record ChannelInfo(
            String name,
            int number,
            String state,
            boolean confirm,
            boolean transactional,
            int prefetch,
            int globalPrefetch,
            long unacked,
            long unconfirmed,
            long published,
            long delivered,
            long acked,
            List<ConsumerInfo> consumers) {}

    /// @param active false while another one of a queue with a single active consumer is served
    /// @param nextOffset of a reader of a stream, the offset that it is given next; otherwise -1
    record ConsumerInfo(
            String tag,
            String queue,
            boolean autoAck,
            boolean exclusive,
            int prefetch,
            boolean active,
            long nextOffset,
            FieldTable arguments) {

        /// How many messages of the stream it was not given yet.
        ///
        /// @param stream numbers of the queue that it reads
        public long lag(QueueStats stream) {
            // What was let go meanwhile does not wait for it any more.
            return Math.clamp(stream.end() - nextOffset, 0, stream.ready());
        }
    }
}
