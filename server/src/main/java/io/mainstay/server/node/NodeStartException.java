package io.mainstay.server.node;

import java.io.IOException;

/// A node that could not start; the message says what to do.
public final class NodeStartException extends IOException {
    private static final long serialVersionUID = 1L;

    public NodeStartException(String message, Throwable cause) {
        super(message, cause);
    }

    public NodeStartException(String message) {
        super(message);
    }
}
