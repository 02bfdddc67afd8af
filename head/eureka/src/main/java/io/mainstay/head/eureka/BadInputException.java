package io.mainstay.head.eureka;

/// A client's document or address cannot be taken; the message is what the client is told.
final class BadInputException extends Exception {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }

    BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
