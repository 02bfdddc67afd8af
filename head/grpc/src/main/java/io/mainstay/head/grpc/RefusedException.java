package io.mainstay.head.grpc;

import io.grpc.Status;

/// A frame that ends its stream.
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Status status;

    /// @param sentence what was wrong and what is allowed
    RefusedException(Status code, String sentence) {
        super(sentence);
        this.status = code.withDescription(sentence);
    }

    Status status() {
        return status;
    }
}
