package io.mainstay.client;

import java.io.Serial;

/// A node does not take it as it is. The message is the node's sentence.
public final class RefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public RefusedException(String sentence) {
        super(sentence);
    }
}
