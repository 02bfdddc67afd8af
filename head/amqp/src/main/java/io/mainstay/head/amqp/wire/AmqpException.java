package io.mainstay.head.amqp.wire;

/// What a client did cannot be done: its channel or connection is closed with a code and a sentence.
public final class AmqpException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ReplyCode code;

    /// @param sentence for the client, without the name of the code
    public AmqpException(ReplyCode code, String sentence) {
        // What clients do wrong is no news for the log: no stack.
        super(sentence, null, false, false);
        this.code = code;
    }

    public ReplyCode code() {
        return code;
    }

    /// As RabbitMQ words it: `NOT_FOUND - no queue 'q' in vhost '/'`; cut to a short string.
    public String replyText() {
        return code.name() + " - " + getMessage();
    }
}
