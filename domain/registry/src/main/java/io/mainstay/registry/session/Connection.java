package io.mainstay.registry.session;

/// What a session has of its client's connection.
public interface Connection {

    /// The client came back over another connection; this one is of no use any more. Any thread.
    void replaced();
}
