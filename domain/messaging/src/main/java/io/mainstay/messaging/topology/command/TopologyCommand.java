package io.mainstay.messaging.topology.command;

import io.mainstay.messaging.api.TopologyChange;

/// What the log of `meta` says about the topology.
public sealed interface TopologyCommand {

    /// Somebody asked for a change.
    record Make(TopologyChange change) implements TopologyCommand {}

    /// The node has started: whatever belongs to connections or was not to survive (exclusive and non-durable queues, non-durable exchanges) goes.
    record Boot() implements TopologyCommand {}

    /// The exclusive queues of that connection go.
    record ConnectionClosed(String owner) implements TopologyCommand {}
}
