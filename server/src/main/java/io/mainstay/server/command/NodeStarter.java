package io.mainstay.server.command;

import io.mainstay.server.config.NodeConfig;

import java.io.IOException;

/// Makes a node; returns when all its heads listen.
@FunctionalInterface
public interface NodeStarter {

    /// @throws IOException with a sentence for a person: a port is taken, the directory belongs to another node, the journal is damaged
    StartedNode start(NodeConfig config) throws IOException;
}
