package io.mainstay.server.command;

import java.util.Map;

/// A node that listens.
public interface StartedNode extends AutoCloseable {

    /// URL of every head that listens, by the head's name (`http`, `eureka`), in the order in which they are shown.
    Map<String, String> addresses();

    /// Ends everything in order; returns when the journal is closed.
    @Override
    void close();
}
