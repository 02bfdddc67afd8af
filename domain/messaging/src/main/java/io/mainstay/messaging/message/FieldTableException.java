package io.mainstay.messaging.message;

/// Bytes that are no field table or no message properties; the message is a sentence for whoever sent them.
public final class FieldTableException extends Exception {
    private static final long serialVersionUID = 1L;

    public FieldTableException(String message) {
        super(message);
    }
}
