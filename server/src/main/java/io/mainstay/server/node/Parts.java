package io.mainstay.server.node;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;

/// What was opened, to be closed in the reverse order. One that fails does not keep the others open. Not thread-safe.
final class Parts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    void add(AutoCloseable part) {
        parts.push(part);
    }

    /// Idempotent.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not end in order", part.getClass().getSimpleName(), e);
            }
        }
    }
}
