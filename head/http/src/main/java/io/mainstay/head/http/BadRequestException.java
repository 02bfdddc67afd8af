package io.mainstay.head.http;

/// What a client sent cannot be taken; becomes 400 with a sentence.
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String allowed;

    /// @param code for programs
    /// @param message what was wrong, with the value
    /// @param allowed what would have been taken
    BadRequestException(String code, String message, String allowed) {
        super(message);
        this.code = code;
        this.allowed = allowed;
    }

    String code() {
        return code;
    }

    String allowed() {
        return allowed;
    }
}
