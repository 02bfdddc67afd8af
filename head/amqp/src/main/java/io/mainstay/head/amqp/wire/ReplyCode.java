package io.mainstay.head.amqp.wire;

/// AMQP's reply codes, with RabbitMQ's names and its choice of what they close.
public enum ReplyCode {
    CONTENT_TOO_LARGE(311, false),
    NO_ROUTE(312, false),
    NO_CONSUMERS(313, false),
    CONNECTION_FORCED(320, true),
    INVALID_PATH(402, true),
    ACCESS_REFUSED(403, false),
    NOT_FOUND(404, false),
    RESOURCE_LOCKED(405, false),
    PRECONDITION_FAILED(406, false),
    FRAME_ERROR(501, true),
    SYNTAX_ERROR(502, true),
    COMMAND_INVALID(503, true),
    CHANNEL_ERROR(504, true),
    UNEXPECTED_FRAME(505, true),
    RESOURCE_ERROR(506, true),
    NOT_ALLOWED(530, true),
    NOT_IMPLEMENTED(540, true),
    INTERNAL_ERROR(541, true);

    private final int number;
    private final boolean hard;

    ReplyCode(int number, boolean hard) {
        this.number = number;
        this.hard = hard;
    }

    public int number() {
        return number;
    }

    /// Whether the whole connection is closed, and not the channel alone.
    public boolean hard() {
        return hard;
    }
}
