package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.kernel.group.LedgerWorkload;
import io.mainstay.kernel.group.SimHost;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.kernel.group.Workload;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Truncate;
import io.mainstay.messaging.queue.command.Sequences;
import io.mainstay.messaging.queue.simulation.SimTopology.Leaving;
import io.mainstay.messaging.queue.state.BlockStore;
import io.mainstay.messaging.queue.state.DelayedState;
import io.mainstay.messaging.queue.state.Lane;
import io.mainstay.messaging.queue.state.PublishReply;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.queue.state.QueueState;
import io.mainstay.messaging.queue.state.SmallShapes;
import io.mainstay.messaging.queue.store.IndexFiles;
import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Messaging on the nodes of a simulation: state machine, dispatchers, ingresses and sessions of production, with clients that publish and consume through
/// faults. A ledger beside it in each group is for the kernel's own clients.
final class QueueWorkload implements Workload {

    private static final int DATA_GROUPS = 3;

    /// Within so long everything is consumed after the last fault.
    private static final long MOST_NANOS_TO_DRAIN = 20_000_000_000L;

    /// Entries between two comparisons of the members' states.
    private static final int COMPARED_EVERY = 16;

    private final LedgerWorkload ledger = new LedgerWorkload();
    private final SimTopology topology = new SimTopology(DATA_GROUPS);
    private final MessageBook book;
    private final ConsumerBook consumers;
    private final boolean alone;
    private final QueuePlant plant;

    /// By node: its present or last life.
    private final TreeMap<Integer, SimBroker> brokers = new TreeMap<>();

    private final Map<SimHost, List<QueueMachine>> starting = new IdentityHashMap<>();
    private final List<QueueClients> clients = new ArrayList<>();
    private final List<PassingClients> passing = new ArrayList<>();
    private @Nullable SimHost first;
    private boolean healed;
    private long healedNanos;
    private long numbers;

    /// @param alone one voter, whose indexes go to its disk; otherwise they stay in the heap, as files do not travel with snapshots yet
    QueueWorkload(boolean alone, QueuePlant plant) {
        this.alone = alone;
        this.plant = plant;
        this.book = new MessageBook(topology, alone);
        this.consumers = new ConsumerBook(topology, book);
    }

    MessageBook book() {
        return book;
    }

    QueueContents contents() {
        return book.contents();
    }

    ConsumerBook consumers() {
        return consumers;
    }

    SimTopology topology() {
        return topology;
    }

    boolean isHealed() {
        return healed;
    }

    long newNumber() {
        return ++numbers;
    }

    /// Runs `body` after so long, whatever becomes of any node.
    void in(long nanos, Runnable body) {
        Objects.requireNonNull(first).outside(nanos, body);
    }

    // --- the topology ----------------------------------------------------------------------------

    QueueView declare(int group, SimTopology.Leaving why) {
        QueueView declared = topology.declarePassing(group, why);
        book.counts.declared++;
        consumers.used(declared.id(), now());
        brokers.values().forEach(SimBroker::topologyChanged);
        return declared;
    }

    void delete(QueueView queue) {
        if (!topology.isGone(queue.id())) {
            topology.delete(queue);
            book.counts.deleted++;
            brokers.values().forEach(SimBroker::topologyChanged);
        }
    }

    long now() {
        return Objects.requireNonNull(first).nanos();
    }

    /// The node that leads the group, mostly, or one that is up.
    @Nullable SimBroker anyBroker(RandomGenerator random, int group) {
        List<SimBroker> up = new ArrayList<>();
        for (SimBroker broker : brokers.values()) {
            if (broker.host.lives()) {
                up.add(broker);
                if (broker.host.leadingTerm(group) >= 0 && random.nextInt(8) > 0) {
                    return broker;
                }
            }
        }
        return up.isEmpty() ? null : up.get(random.nextInt(up.size()));
    }

    // --- what the kernel's simulation asks -------------------------------------------------------

    @Override
    public List<StateMachine<?, ?>> machines(SimHost host, int group) {
        List<StateMachine<?, ?>> machines = new ArrayList<>(ledger.machines(host, group));
        if (group > 0) {
            BlockStore store = alone ? files(host, group) : BlockStore.NONE;
            QueueMachine queues = SmallShapes.machine(plant.store(store));
            starting.computeIfAbsent(host, h -> new ArrayList<>()).add(queues);
            machines.add(plant.machine(new Noted(host, queues, group)));
        }
        return machines;
    }

    /// Index files of which some are not what was written, but their copies are.
    private static IndexFiles files(SimHost host, int group) {
        Disk disk = host.platform().disk();
        RandomGenerator random = host.random();
        try {
            for (String name : disk.list("index/" + group)) {
                if (name.endsWith(".blocks") && random.nextInt(3) == 0) {
                    Disk.File file = disk.open("index/" + group + "/" + name, false);
                    byte[] wrong = new byte[200];
                    random.nextBytes(wrong);
                    file.write(ByteBuffer.wrap(wrong), random.nextLong(file.size() + 1));
                    file.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new IndexFiles(disk, group);
    }

    /// Tells the book what is applied, and counts.
    private final class Noted extends WrappedMachine {
        private final SimHost host;
        private final QueueMachine queues;
        private final int group;

        /// By queue and lane: up to where the book knows what is there.
        private final Map<Long, Long> noted = new TreeMap<>();

        Noted(SimHost host, QueueMachine queues, int group) {
            super(queues);
            this.host = host;
            this.queues = queues;
            this.group = group;
        }

        @Override
        public QueueCommand decode(int version, ByteBuffer command, long address) {
            if (!alone) {
                book.applied(group, address, command);
            }
            ByteBuffer bytes = command.duplicate();
            QueueCommand decoded = super.decode(version, command, address);
            contents().decoded(group, decoded, bytes);
            return decoded;
        }

        @Override
        public Applied<PublishReply> apply(long offset, long timeMs, QueueCommand command) {
            if (command instanceof Truncate(long stream, long upTo)) {
                QueueState queue = queues.queue(stream);
                Lane lane = queue == null ? null : queue.lane(0);
                if (lane != null) {
                    long nowMs = host.platform().clock().wallMs();
                    contents().truncated(stream, lane, upTo, nowMs);
                }
            }
            Applied<PublishReply> applied = super.apply(offset, timeMs, command);
            note(false);
            return applied;
        }

        @Override
        public void restore(int version, ByteBuffer section) {
            super.restore(version, section);
            noted.clear();
            note(true);
        }

        /// @param known whether somebody has noted what is there
        private void note(boolean known) {
            for (QueueState queue : queues.queues()) {
                for (int number : queue.laneNumbers()) {
                    Lane lane = Objects.requireNonNull(queue.lane(number));
                    long place = queue.id() << 8 | number;
                    long from = known ? lane.tail() : noted.getOrDefault(place, 0L);
                    for (long n = from; n < lane.tail(); n++) {
                        contents()
                                .stored(group, queue.id(), Sequences.of(number, n), lane.entry(n));
                    }
                    noted.put(place, lane.tail());
                }
            }
        }

        @Override
        public long digest() {
            for (QueueState queue : queues.queues()) {
                Lane stream = topology.isStream(queue.id()) ? queue.lane(0) : null;
                require(
                        stream == null || queue.messages() == stream.tail() - stream.floor(),
                        "group %d: stream %d has holes",
                        group,
                        queue.id());
                long counted = SmallShapes.countedMessages(queue);
                require(
                        queue.messages() == counted,
                        "group %d: queue %d has %d messages and counts %d",
                        group,
                        queue.id(),
                        counted,
                        queue.messages());
            }
            return super.digest();
        }
    }

    @Override
    public Command command(int group, long number, RandomGenerator random) {
        return ledger.command(group, number, random);
    }

    @Override
    public boolean repeatsCommands() {
        return true;
    }

    @Override
    public boolean comparedAt(long offset) {
        return offset % COMPARED_EVERY == 0 && plant.keepsStatesAlike();
    }

    /// Names of index files differ.
    @Override
    public boolean snapshotsAreAlike() {
        return !alone && plant.keepsStatesAlike();
    }

    @Override
    public void started(SimHost host) {
        SimBroker broker =
                new SimBroker(host, this, Objects.requireNonNull(starting.remove(host)), plant);
        brokers.put(host.node(), broker);
        broker.start();
        if (first == null) {
            first = host;
            RandomGenerator random = host.random();
            for (int group = 1; group <= DATA_GROUPS; group++) {
                QueueClients its =
                        new QueueClients(this, new SplittableRandom(random.nextLong()), group);
                clients.add(its);
                its.begin();
                PassingClients others =
                        new PassingClients(this, new SplittableRandom(random.nextLong()), group);
                passing.add(others);
                others.begin();
            }
        }
    }

    @Override
    public void healed() {
        healed = true;
        healedNanos = now();
        clients.forEach(QueueClients::drain);
        passing.forEach(PassingClients::drain);
    }

    /// Everything that was stored is consumed, and all members know it.
    @Override
    public boolean settled() {
        for (int group = 1; group <= DATA_GROUPS; group++) {
            long shown = brokers.firstEntry().getValue().host.shown(group);
            for (SimBroker broker : brokers.values()) {
                if (!broker.host.lives()
                        || broker.host.shown(group) != shown
                        || !isEmpty(broker.machine(group))) {
                    require(
                            now() - healedNanos < MOST_NANOS_TO_DRAIN,
                            "not everything is consumed in time:%n%s",
                            unsettled());
                    return false;
                }
            }
        }
        if (!clients.stream().allMatch(QueueClients::haveReadStreams)) {
            require(
                    now() - healedNanos < MOST_NANOS_TO_DRAIN,
                    "not all streams are read in time:%n%s",
                    unsettled());
            return false;
        }
        Collection<SentMessage> missing = book.missing();
        require(missing.isEmpty(), "confirmed and in no queue any more: %s", missing);
        return true;
    }

    private boolean isEmpty(QueueMachine machine) {
        for (QueueState queue : machine.queues()) {
            if (topology.isStream(queue.id())) {
                if (topology.kindOf(queue.id()) == SimTopology.Kind.STREAM
                        && queue.messages() > 1
                        && queue.bytes() > SimTopology.STREAM_BYTES) {
                    return false;
                }
                continue;
            }
            if (queue.messages() > 0
                    || topology.isGone(queue.id())
                    || topology.leavingOf(queue.id()) == Leaving.EXPIRED) {
                return false;
            }
            require(
                    queue.bytes() == 0,
                    "queue %d is empty and has %d bytes",
                    queue.id(),
                    queue.bytes());
        }
        for (DelayedState delayed : machine.delays()) {
            if (delayed.messages() > 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String unsettled() {
        StringBuilder left = new StringBuilder();
        for (SimBroker broker : brokers.values()) {
            for (int group = 1; group <= DATA_GROUPS; group++) {
                left.append(
                        "  node %d group %d, up to %d:"
                                .formatted(broker.host.node(), group, broker.host.shown(group)));
                for (QueueState queue : broker.machine(group).queues()) {
                    if (queue.messages() > 0) {
                        left.append(
                                " %s %d".formatted(topology.kindOf(queue.id()), queue.messages()));
                    }
                    if (topology.leavingOf(queue.id()) != null) {
                        left.append(
                                " queue %d that is %s%s"
                                        .formatted(
                                                queue.id(),
                                                topology.leavingOf(queue.id()),
                                                topology.isGone(queue.id())
                                                        ? " is deleted and still there"
                                                        : ""));
                    }
                }
                for (DelayedState delayed : broker.machine(group).delays()) {
                    left.append(" delayed %d".formatted(delayed.messages()));
                }
                left.append(System.lineSeparator());
            }
        }
        return left + "never delivered: " + book.missing().stream().map(SentMessage::id).toList();
    }
}
