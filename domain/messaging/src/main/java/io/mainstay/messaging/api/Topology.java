package io.mainstay.messaging.api;

import java.util.concurrent.CompletableFuture;

/// What messages are routed by. Kept in the raft group `meta`; every node routes on its own view. Thread-safe; nothing blocks.
public interface Topology {

    /// The present state: immutable, one volatile read.
    TopologyView view();

    /// Makes a change. The future completes on a thread of messaging: hand over, do not work there. When it completes, [#view()] shows the change.
    CompletableFuture<TopologyOutcome> change(TopologyChange change);
}
