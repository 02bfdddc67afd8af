package io.mainstay.messaging.api;

import java.util.concurrent.CompletableFuture;

/// What messages are routed by. Kept in the raft group `meta`; every node routes on its own view. Thread-safe; nothing blocks.
public interface Topology {

    /// The present state: immutable, one volatile read.
    TopologyView view();

    /// Makes a change. The future completes on a thread of messaging: hand over, do not work there. When it completes, [#view()] shows the change.
    CompletableFuture<TopologyOutcome> change(TopologyChange change);

    /// Deletes the exclusive queues of a connection that is gone; costs nothing if it had none. Call it once, after the last [#change] of that
    /// connection. What cannot be deleted now is deleted with the next connection that ends, or at the next start.
    ///
    /// @param owner id of the connection
    CompletableFuture<TopologyOutcome> connectionClosed(String owner);
}
