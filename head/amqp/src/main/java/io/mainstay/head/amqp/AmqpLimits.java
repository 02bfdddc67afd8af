package io.mainstay.head.amqp;

/// What a stranger may send, and what one connection may hold.
final class AmqpLimits {

    /// Bytes of a frame; RabbitMQ's number.
    static final int FRAME_MAX = 131_072;

    /// Before a client is known; RabbitMQ's number since 4.1.
    static final int FRAME_FIRST = 8192;

    /// The least that may be agreed on: the protocol's number.
    static final int FRAME_MIN = 4096;

    static final int HEARTBEAT_SECONDS = 60;

    /// Sockets beyond the connections that there may be: of clients that are still in the handshake, or about to be told that there are too many.
    static final int SPARE_SOCKETS = 1024;

    /// From the first byte until the connection is open.
    static final long HANDSHAKE_MS = 10_000;

    /// For the answer to a close, then the socket goes.
    static final long CLOSE_MS = 10_000;

    /// For a client whose bytes are no frames to read why it is thrown out.
    static final long BROKEN_MS = 1_000;

    static final int CONSUMERS_PER_CHANNEL = 4096;

    /// Methods of a connection that wait for earlier ones; then it is not read.
    static final int INBOX_METHODS = 4096;

    /// Bytes of arguments, properties and bodies among them; likewise.
    static final int INBOX_BYTES = 8 << 20;

    /// Published bytes of a connection that are not answered yet; then it is not read. With many connections each has a share of [#ALL_UNDER_WAY_BYTES], but never
    /// less than [#LEAST_UNDER_WAY_BYTES].
    static final long UNDER_WAY_BYTES = 16L << 20;

    static final long LEAST_UNDER_WAY_BYTES = 64 << 10;

    /// Of all connections: an eighth of the heap.
    static final long ALL_UNDER_WAY_BYTES = Runtime.getRuntime().maxMemory() / 8;

    /// What a delivery in hand takes of the heap, in messaging and here.
    private static final int IN_HAND_BYTES = 128;

    /// Deliveries in hand of all channels: a sixteenth of the heap.
    static final long ALL_IN_HAND = Runtime.getRuntime().maxMemory() / 16 / IN_HAND_BYTES;

    /// Until a connection that is held back for a queue's consumers is looked at again.
    static final long HELD_BACK_MS = 2;

    /// Unwritten deliveries of a connection in bytes.
    static final long UNWRITTEN_BYTES = 4L << 20;

    /// What a delivery takes beside its body.
    static final int DELIVERY_BYTES = 128;

    /// Publishes and settles of one transaction.
    static final int TRANSACTION_ITEMS = 65_536;

    /// Messages of a connection that are half here, as multiples of the largest message.
    static final int HALF_MESSAGES = 4;

    /// Milliseconds that a message may live at most: RabbitMQ's bound.
    static final long TTL_MAX_MS = 0xffff_ffffL;

    /// Names in CC and BCC together.
    static final int COPIES = 1024;

    private AmqpLimits() {}
}
