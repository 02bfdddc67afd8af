package io.mainstay.kernel.group;

import io.mainstay.common.Check.BrokenAssumption;

import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;

import java.util.concurrent.CompletionStage;

/// The network of a voter set of one: nobody is there to talk to.
final class LoneChannel implements NetworkChannel {

    static final ListenerName LISTENER = new ListenerName("PEER");

    private int correlationId;

    @Override
    public int newCorrelationId() {
        return correlationId++;
    }

    @Override
    public CompletionStage<RaftResponse.Inbound> send(RaftRequest.Outbound request) {
        throw new BrokenAssumption("a lone voter sends to " + request.destination());
    }

    @Override
    public ListenerName listenerName() {
        return LISTENER;
    }

    @Override
    public void close() {}
}
