package io.mainstay.head.amqp;

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
import io.mainstay.messaging.topology.state.TopologyMachine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/// Messaging in memory: the real state machine of the topology without a log, and queues as lists. One lock around everything.
///
/// Publishes can be held back ([#holdPublishes]) to see what waits for them.
final class FakeMessaging implements Messaging, Topology {

    private final TopologyMachine machine = new TopologyMachine(new SlotMap(8));
    private final Map<Long, FakeQueue> queues = new HashMap<>();
    private final List<Clients.ClientConnection> connections = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private boolean holding;
    private long offset;

    FakeMessaging() {
        apply(new TopologyCommand.Boot());
    }

    synchronized TopologyOutcome apply(TopologyCommand command) {
        TopologyOutcome outcome = machine.apply(++offset, 0, command).reply();
        machine.publish(offset);
        for (FakeQueue queue : List.copyOf(queues.values())) {
            if (view().queue(queue.view.id()) == null) {
                queues.remove(queue.view.id());
                queue.deleted();
            }
        }
        return outcome;
    }

    synchronized FakeQueue queue(QueueView view) {
        return queues.computeIfAbsent(view.id(), id -> new FakeQueue(view, this));
    }

    /// From now on no publish is answered, nor seen by anybody, until [#letPublishesGo].
    synchronized void holdPublishes() {
        holding = true;
    }

    synchronized void letPublishesGo() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    synchronized int heldPublishes() {
        return held.size();
    }

    synchronized void publish(Runnable publish) {
        if (holding) {
            held.add(publish);
        } else {
            publish.run();
        }
    }

    /// The raft group of that queue is out of service from now on.
    void takeDown(String queue) {
        down.add(queue);
    }

    @Override
    public boolean isUp(QueueView queue) {
        return !down.contains(queue.name());
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
        return CompletableFuture.completedFuture(apply(new TopologyCommand.Make(change)));
    }

    @Override
    public CompletableFuture<TopologyOutcome> connectionClosed(String owner) {
        return CompletableFuture.completedFuture(
                apply(new TopologyCommand.ConnectionClosed(owner)));
    }

    @Override
    public Clients clients() {
        return new Clients() {
            @Override
            public void opened(ClientConnection connection) {
                connections.add(connection);
            }

            @Override
            public void closed(ClientConnection connection) {
                connections.remove(connection);
            }

            @Override
            public @Nullable ClientConnection connection(String id) {
                return connections.stream()
                        .filter(connection -> connection.id().equals(id))
                        .findFirst()
                        .orElse(null);
            }

            @Override
            public Collection<ClientConnection> connections() {
                return connections;
            }
        };
    }

    @Override
    public QueueSession open(Executor executor, String name) {
        return new FakeSession(this, executor);
    }

    @Override
    public synchronized QueueStats stats(QueueView queue) {
        return queue(queue).stats();
    }
}
