package io.mainstay.bench.amqp;

import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.Clients;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.Topology;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.topology.command.TopologyCommand;
import io.mainstay.messaging.topology.command.TopologyCommand.Boot;
import io.mainstay.messaging.topology.command.TopologyCommand.ConnectionClosed;
import io.mainstay.messaging.topology.command.TopologyCommand.Make;
import io.mainstay.messaging.topology.state.TopologyMachine;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// Messaging that keeps nothing: the topology's machine without a log, and a [NullQueue] for each queue.
final class NullMessaging implements Messaging, Topology, Clients {

    private final TopologyMachine machine = new TopologyMachine(new SlotMap(1));
    private final Map<Long, NullQueue> queues = new ConcurrentHashMap<>();
    private long offset;

    NullMessaging() {
        apply(new Boot());
    }

    private synchronized TopologyOutcome apply(TopologyCommand command) {
        TopologyOutcome outcome = machine.apply(++offset, 0, command).reply();
        machine.publish(offset);
        queues.keySet().removeIf(id -> view().queue(id) == null);
        return outcome;
    }

    NullQueue queue(QueueView view) {
        NullQueue known = queues.get(view.id());
        return known == null ? queues.computeIfAbsent(view.id(), id -> new NullQueue(view)) : known;
    }

    @Override
    public Topology topology() {
        return this;
    }

    @Override
    public TopologyView view() {
        return machine.view();
    }

    @Override
    public CompletableFuture<TopologyOutcome> change(TopologyChange change) {
        return CompletableFuture.completedFuture(apply(new Make(change)));
    }

    @Override
    public CompletableFuture<TopologyOutcome> connectionClosed(String owner) {
        return CompletableFuture.completedFuture(apply(new ConnectionClosed(owner)));
    }

    @Override
    public Clients clients() {
        return this;
    }

    @Override
    public void opened(ClientConnection connection) {
        // Nobody asks.
    }

    @Override
    public void closed(ClientConnection connection) {
        // Nobody asks.
    }

    @Override
    public @Nullable ClientConnection connection(String id) {
        return null;
    }

    @Override
    public Collection<ClientConnection> connections() {
        return List.of();
    }

    @Override
    public QueueSession open(Executor executor, String name) {
        return new NullSession(this, executor);
    }

    @Override
    public boolean isUp(QueueView queue) {
        return true;
    }

    @Override
    public QueueStats stats(QueueView queue) {
        return QueueStats.NONE;
    }
}
