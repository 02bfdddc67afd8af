package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.kernel.group.Bodies;
import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.SimHost;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.dispatch.Dispatcher;
import io.mainstay.messaging.queue.dispatch.DispatcherPort;
import io.mainstay.messaging.queue.dispatch.FlowingQueues;
import io.mainstay.messaging.queue.dispatch.GroupDoors;
import io.mainstay.messaging.queue.dispatch.Ingress;
import io.mainstay.messaging.queue.dispatch.ProposalBuffers;
import io.mainstay.messaging.queue.dispatch.Session;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.service.KnownQueues;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// One life of a node's messaging: dispatchers, ingresses and sessions of production; readers and event loops are events of the simulation.
final class SimBroker implements DispatcherPort, GroupDoors {

    static final int LONGEST_TURN_NANOS = 400_000;

    private static final int LONGEST_READ_NANOS = 3_000_000;
    private static final long TICK_NANOS = 10_000_000;

    /// A change of the topology is known everywhere within so long.
    private static final int LONGEST_CHANGE_NANOS = 3_000_000;

    final SimHost host;
    private final QueueWorkload workload;
    private final SimTopology topology;
    private final List<QueueMachine> machines;
    private final MessageBook book;
    private final QueuePlant plant;
    private final List<Ingress> ingresses = new ArrayList<>();
    private final List<Dispatcher> dispatchers = new ArrayList<>();
    private final FlowingQueues flowing = new FlowingQueues();
    private final KnownQueues known = new KnownQueues();
    private final Map<Long, Long> goneNanos = new HashMap<>();
    private final Set<Long> notDeleted = new HashSet<>();
    private final long process;
    private TopologyView seen;
    private long uploads;

    /// @param machines of the data groups
    SimBroker(SimHost host, QueueWorkload workload, List<QueueMachine> machines, QueuePlant plant) {
        this.plant = plant;
        this.host = host;
        this.workload = workload;
        this.topology = workload.topology();
        this.machines = machines;
        this.book = workload.book();
        this.process = host.random().nextLong();
        this.seen = topology.view();
        known.update(seen);
    }

    void start() {
        ProposalBuffers buffers = new ProposalBuffers();
        for (int group = 1; group <= topology.groups; group++) {
            RaftGroup door = new ForeignGroup(host.group(group));
            ingresses.add(new Ingress(door, buffers));
            dispatchers.add(new Dispatcher(door, machines.get(group - 1), this));
        }
        for (int group = 1; group <= topology.groups; group++) {
            Dispatcher dispatcher = dispatcher(group);
            machine(group).listener(dispatcher);
            int id = group;
            host.group(group)
                    .addListener(
                            new RaftGroup.LeadershipListener() {
                                @Override
                                public void gained(int term) {
                                    book.ledAnew(id);
                                    plant.gained(machine(id));
                                    // Who leads must not take a queue for gone that it has not
                                    // heard of.
                                    see();
                                    topology.passing().stream()
                                            .filter(queue -> queue.group() == id)
                                            .forEach(
                                                    queue ->
                                                            workload.consumers()
                                                                    .used(
                                                                            queue.id(),
                                                                            host.nanos()));
                                    dispatcher.gained();
                                }

                                @Override
                                public void lost(int term) {
                                    dispatcher.lost();
                                }
                            });
        }
        host.every(TICK_NANOS, () -> dispatchers.forEach(dispatcher -> dispatcher.tick(nowMs())));
    }

    QueueMachine machine(int group) {
        return machines.get(group - 1);
    }

    QueueSession open() {
        return new Session(this, host.eventLoop(LONGEST_TURN_NANOS));
    }

    QueueSession openToRead() {
        return new Session(this, plant.reader(host.eventLoop(LONGEST_TURN_NANOS)));
    }

    // --- the topology ----------------------------------------------------------------------------

    /// It has changed: this node sees that in a moment.
    void topologyChanged() {
        host.in(host.random().nextInt(LONGEST_CHANGE_NANOS), this::see);
    }

    private void see() {
        if (seen == topology.view()) {
            return;
        }
        seen = topology.view();
        known.update(seen)
                .forEach(
                        (group, difference) -> {
                            difference.gone().forEach(id -> goneNanos.put(id, host.nanos()));
                            dispatcher(group)
                                    .topologyChanged(
                                            difference.changed().stream()
                                                    .map(plant::known)
                                                    .toList(),
                                            difference.gone());
                            host.in(
                                    ConsumerBook.ON_THE_WAY_NANOS,
                                    () ->
                                            workload.consumers()
                                                    .gone(host, difference.gone(), group));
                        });
    }

    /// When this node saw that the queue is deleted; far ahead if it did not.
    long goneNanos(long queue) {
        return goneNanos.getOrDefault(queue, Long.MAX_VALUE / 2);
    }

    /// Whether it was to delete the queue and could not, which happens once.
    boolean couldNotDelete(long queue) {
        return notDeleted.contains(queue);
    }

    private void delete(QueueView queue, Consumer<TopologyOutcome> done) {
        if (host.random().nextInt(4) == 0 && notDeleted.add(queue.id())) {
            host.in(
                    host.random().nextInt(LONGEST_CHANGE_NANOS),
                    () -> done.accept(new TopologyOutcome.Unknown("meta is led by nobody")));
            return;
        }
        host.outside(
                host.random().nextInt(LONGEST_CHANGE_NANOS),
                () -> {
                    workload.delete(queue);
                    host.in(
                            host.random().nextInt(LONGEST_CHANGE_NANOS),
                            () -> {
                                see();
                                done.accept(TopologyOutcome.Done.CHANGED);
                            });
                });
    }

    @Override
    public long nowMs() {
        return host.platform().clock().wallMs();
    }

    @Override
    public long monotonicMs() {
        return host.nanos() / 1_000_000;
    }

    @Override
    public FlowingQueues flowing() {
        return flowing;
    }

    @Override
    public long consumerTimeoutMs() {
        return 0;
    }

    @Override
    public TopologyView topologyView() {
        return seen;
    }

    @Override
    public Collection<QueueView> queuesOf(int group) {
        return known.of(group).stream().map(plant::known).toList();
    }

    @Override
    public void control(
            int group, List<QueueCommand> commands, Durability level, Consumer<Outcome> done) {
        ingress(group).control(commands, level, done);
    }

    @Override
    public void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            Dispatcher dispatcher) {
        QueueSession session = publisher(dispatcher);
        session.publish(message, targets, listener, 0);
        session.flush();
    }

    @Override
    public QueueSession publisher(Dispatcher dispatcher) {
        return new Session(this, dispatcher::submit);
    }

    @Override
    public void deleteQueue(QueueView view, Runnable done) {
        String objection = workload.consumers().objection(host, view);
        // A dispatcher survives an exception of its turn.
        host.in(0, () -> require(objection == null, "%s", objection));
        book.counts.left++;
        delete(view, outcome -> done.run());
    }

    @Override
    public void deleteQueue(QueueView queue, Consumer<TopologyOutcome> done) {
        delete(queue, done);
    }

    @Override
    public void read(Runnable work) {
        host.in(host.random().nextInt(LONGEST_READ_NANOS), work);
    }

    @Override
    public void stats(long queue, QueueStats stats) {}

    @Override
    public void forget(long queue) {}

    @Override
    public Dispatcher dispatcher(int group) {
        return dispatchers.get(group - 1);
    }

    @Override
    public Ingress ingress(int group) {
        return ingresses.get(group - 1);
    }

    @Override
    public int count() {
        return topology.groups;
    }

    @Override
    public long process() {
        return process;
    }

    @Override
    public long nextUpload() {
        return ++uploads;
    }

    /// A group whose bodies are handed over where a snapshot came from another member: the simulation does for bodies what it does for snapshots, as they do not
    /// travel yet.
    private final class ForeignGroup implements RaftGroup, Bodies {
        private final RaftGroup group;

        ForeignGroup(RaftGroup group) {
            this.group = group;
        }

        @Override
        public @Nullable ByteBuffer cached(long address, int bytes) {
            return group.bodies().cached(address, bytes);
        }

        @Override
        public ByteBuffer read(long address, int bytes) throws IOException {
            try {
                return group.bodies().read(address, bytes);
            } catch (IOException e) {
                if (host.isForeign(group.id())) {
                    return book.command(group.id(), address, bytes);
                }
                throw e;
            }
        }

        @Override
        public Bodies bodies() {
            return this;
        }

        @Override
        public int id() {
            return group.id();
        }

        @Override
        public String name() {
            return group.name();
        }

        @Override
        public void propose(Proposal proposal) {
            group.propose(proposal);
        }

        @Override
        public void proposeFreeing(Proposal proposal) {
            group.proposeFreeing(proposal);
        }

        @Override
        public void awaitReadable(Runnable ready, Consumer<Outcome> failed) {
            group.awaitReadable(ready, failed);
        }

        @Override
        public void execute(Runnable task, Runnable dropped) {
            group.execute(task, dropped);
        }

        @Override
        public boolean staysFenced() {
            return group.staysFenced();
        }

        @Override
        public GroupStatus status() {
            return group.status();
        }

        @Override
        public void addListener(LeadershipListener listener) {
            group.addListener(listener);
        }
    }
}
