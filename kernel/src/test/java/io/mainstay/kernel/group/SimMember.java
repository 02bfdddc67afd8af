package io.mainstay.kernel.group;

import io.mainstay.kernel.group.Voters.Voter;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Disk;
import io.mainstay.platform.Platform;
import io.mainstay.platform.Threads;
import io.mainstay.platform.sim.SimDisk;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// One node of a simulation: the kernel of production, its three threads run as events.
final class SimMember {

    private static final EngineTimes TIMES = new EngineTimes(300, 150, 200, 90);
    private static final long NEVER = Long.MAX_VALUE;

    final int id;
    final SimDisk disk = new SimDisk(64L << 20);
    final SimScheduler.NodeClock clock;

    /// By group: the last offset that its view shows.
    final long[] shown;

    /// By group: what makes it throw.
    final List<Breaker> breakers = new ArrayList<>();

    boolean up;
    int life;
    PeerLink.@Nullable Receiver receiver;
    @Nullable RaftGroups groups;

    private final KernelSimulation simulation;
    private final SimScheduler scheduler;
    private final RandomGenerator random;
    private @Nullable Journal journal;
    private long driverDue = NEVER;
    private boolean syncDue;
    private boolean applyDue;
    private boolean idleDue;
    private long stalledUntil;
    private int votesSeen;
    private final long[] rebuildsSeen;

    /// By group, if the workload has bodies.
    private final Shelf[] shelves;

    /// Groups that took a snapshot of another member, whose bodies do not travel with it.
    private final boolean[] foreign;

    private long relocatedSeen;

    SimMember(int id, KernelSimulation simulation, RandomGenerator random) {
        this.id = id;
        this.simulation = simulation;
        this.scheduler = simulation.scheduler;
        this.random = random;
        this.clock =
                scheduler
                .new NodeClock(
                        random.nextInt(-simulation.mix.clockSkewMs, simulation.mix.clockSkewMs));
        this.shown = new long[simulation.groupCount];
        this.rebuildsSeen = new long[simulation.groupCount];
        this.shelves = new Shelf[simulation.groupCount];
        this.foreign = new boolean[simulation.groupCount];
        for (int group = 0; group < simulation.groupCount; group++) {
            breakers.add(new Breaker(() -> simulation.checker.counts.thrown++));
        }
    }

    static Voters voters(int nodes) {
        List<Voter> all = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            InetSocketAddress address = InetSocketAddress.createUnresolved("node-" + node, 7000);
            all.add(new Voter(node, new Uuid(77, node), address));
        }
        return new Voters(all);
    }

    void start() throws IOException {
        life++;
        breakers.forEach(Breaker::disarm);
        Arrays.fill(shown, -1);
        Arrays.fill(rebuildsSeen, 0);
        relocatedSeen = 0;
        Plant plant = simulation.plant;
        Disk seen = plant.disk(disk);
        if (!disk.exists("identity")) {
            new NodeIdentity(id, simulation.groupCount - 1, "simulated", new Uuid(77, id))
                    .write(disk);
        }
        Platform platform =
                new Platform(
                        clock,
                        new SplittableRandom(random.nextLong()),
                        seen,
                        new EventThreads(life));
        RaftGroupsConfig config =
                new RaftGroupsConfig(
                        id,
                        simulation.groupCount - 1,
                        simulation.mix.snapshotBytes / 2
                                + random.nextInt(simulation.mix.snapshotBytes),
                        Duration.ofMillis(200 + random.nextInt(2_000)),
                        simulation.mix.underWayBytes);
        SimHost host = new SimHost(this, platform, new SplittableRandom(random.nextLong()));
        journal =
                plant.journal(
                        SegmentedJournal.open(
                                new JournalConfig(simulation.mix.segmentBytes, 0), platform));
        groups =
                RaftGroups.open(
                        config,
                        platform,
                        journal,
                        group -> machines(host, plant, group),
                        new Wiring(simulation.network.linkOf(this)));
        up = true;
        driverDue = NEVER;
        syncDue = false;
        applyDue = false;
        idleDue = false;
        driveAt(scheduler.now());
        apply(0);
        simulation.workload.started(host);
    }

    Workload workload() {
        return simulation.workload;
    }

    /// Runs `body` if this life of the node goes on.
    void in(long nanos, Runnable body) {
        int started = life;
        scheduler.in(
                nanos,
                () -> {
                    if (life == started) {
                        body.run();
                        afterStep();
                    }
                });
    }

    void outside(long nanos, Runnable body) {
        scheduler.in(nanos, body);
    }

    long now() {
        return scheduler.now();
    }

    /// Whether the group took over a snapshot of another member, whose bodies did not travel with it.
    boolean isForeign(int group) {
        return foreign[group];
    }

    private List<StateMachine<?, ?>> machines(SimHost host, Plant plant, int group) {
        List<StateMachine<?, ?>> watched = new ArrayList<>();
        for (StateMachine<?, ?> machine : simulation.workload.machines(host, group)) {
            if (machine instanceof Shelf shelf) {
                shelves[group] = shelf;
            }
            watched.add(watched(plant.machine(machine, clock), group));
        }
        return watched;
    }

    private <C, R> StateMachine<C, R> watched(StateMachine<C, R> machine, int group) {
        return new WatchedMachine<>(machine, simulation.checker, this, group);
    }

    /// Each body that a leader may be asked for is there and is what was put.
    void checkBodies() {
        for (int group = 0; group < shelves.length; group++) {
            if (shelves[group] != null && !foreign[group] && group(group).leadingTerm() >= 0) {
                shelves[group].check(
                        group(group).bodies(), "group %d of node %d".formatted(group, id));
            }
        }
        simulation.checker.counts.relocatedBytes += groups.relocatedBytes() - relocatedSeen;
        relocatedSeen = groups.relocatedBytes();
    }

    /// The process or the current is gone, without a word to anybody.
    void crash(boolean powerCut) {
        if (!up) {
            return;
        }
        up = false;
        life++;
        RaftGroups ended = groups;
        groups = null;
        if (powerCut) {
            simulation.checker.counts.powerCuts++;
            forgetWhatIsNotSynced(ended);
            disk.powerCut(random);
        } else {
            simulation.checker.counts.kills++;
            disk.killProcess();
        }
    }

    private void forgetWhatIsNotSynced(RaftGroups ended) {
        if (simulation.nodes > 1) {
            // Nobody applies what is not synced.
            return;
        }
        for (GroupEngine engine : ended.engines) {
            LocalGroup group = engine.group();
            long end = group.log.endOffset().offset();
            for (BatchRef last = group.log.batchWith(end - 1);
                    last != null && last.recordEnd > journal.synced();
                    last = group.log.batchWith(end - 1)) {
                end = last.baseOffset;
            }
            simulation.checker.forget(group.id, end);
        }
    }

    /// Ends in order.
    void stop() throws IOException {
        if (up) {
            up = false;
            life++;
            groups.close();
            groups = null;
            journal.close();
            disk.killProcess();
        }
    }

    void stall(long ms) {
        stalledUntil = Math.max(stalledUntil, scheduler.now() + ms * SimScheduler.MS);
    }

    void receive(int from, ByteBuffer frame) {
        if (up) {
            receiver.received(from, frame);
            afterStep();
        }
    }

    void traced(long value) {
        scheduler.mix(value);
    }

    LocalGroup group(int group) {
        return groups.engines.get(group).group();
    }

    /// What any thread may have left to do for the three of them.
    void afterStep() {
        if (!up) {
            return;
        }
        if (groups.driver.taken()) {
            driveAt(scheduler.now() + random.nextInt(20_000));
        }
        if (groups.sync.taken() && !syncDue) {
            syncDue = true;
            syncIn(50_000 + (long) (random.nextDouble() * simulation.mix.syncMs * 1e6));
        }
        if (groups.apply.taken() && !applyDue) {
            apply(random.nextInt(8) == 0 ? random.nextInt(3_000_000) : random.nextInt(50_000));
        }
    }

    private void driveAt(long time) {
        if (time >= driverDue) {
            return;
        }
        driverDue = time;
        int started = life;
        scheduler.in(
                time - scheduler.now(),
                () -> {
                    if (life == started && driverDue == time) {
                        driverDue = NEVER;
                        drive();
                    }
                });
    }

    private void drive() {
        long wait =
                simulation.nodes == 1 && random.nextBoolean() ? groups.driveOn() : groups.drive();
        simulation.network.flush();
        check();
        aimAtVote();
        driveAt(scheduler.now() + Math.max(wait, 1_000));
        afterStep();
    }

    private void check() {
        for (GroupEngine engine : groups.engines) {
            LocalGroup group = engine.group();
            LocalGroup.Fence fence = group.fence();
            if (fence != null) {
                checkWanted(group, fence.cause());
                continue;
            }
            simulation.checker.counts.rebuilds += group.rebuilds - rebuildsSeen[group.id];
            rebuildsSeen[group.id] = group.rebuilds;
            var quorum = EngineAccess.quorum(engine.client());
            if (quorum.isLeader()) {
                simulation.checker.leads(id, group.id, quorum.epoch());
            }
        }
    }

    /// A group is fenced because a test wanted it, or something is wrong.
    private void checkWanted(LocalGroup group, Throwable cause) {
        if (cause instanceof SimulationFailure found) {
            throw found;
        }
        if (!(cause instanceof InjectedFault)) {
            throw new SimulationFailure(
                    "group %d of node %d is fenced: %s".formatted(group.id, id, cause), cause);
        }
    }

    /// Makes a part of a group throw at its next use. A group that is fenced has enough to do.
    void breakPart(int group, Breaker.Part part) {
        if (up && !group(group).fenced()) {
            breakers.get(group).arm(part);
        }
    }

    /// Cuts the current right after a vote or a term was written and before it is synced.
    private void aimAtVote() {
        double aim = simulation.mix.voteAim;
        if (aim == 0 || simulation.healed()) {
            return;
        }
        int votes = 0;
        for (GroupEngine engine : groups.engines) {
            votes += EngineAccess.quorum(engine.client()).epoch();
        }
        boolean hit = votes != votesSeen && random.nextDouble() < aim;
        votesSeen = votes;
        if (hit) {
            int started = life;
            scheduler.in(
                    random.nextInt(1_500_000),
                    () -> {
                        if (life == started && !simulation.healed()) {
                            simulation.crash(this, true);
                        }
                    });
        }
    }

    private void syncIn(long nanos) {
        int started = life;
        scheduler.in(
                nanos,
                () -> {
                    if (life != started) {
                        return;
                    }
                    if (scheduler.now() < stalledUntil) {
                        syncIn(stalledUntil - scheduler.now());
                        return;
                    }
                    syncDue = false;
                    groups.syncJournal();
                    afterStep();
                });
    }

    private void apply(long nanos) {
        applyDue = true;
        int started = life;
        scheduler.in(
                nanos,
                () -> {
                    if (life != started) {
                        return;
                    }
                    applyDue = false;
                    long wait = groups.applyAll();
                    check();
                    if (shelves[0] != null && random.nextInt(8) == 0) {
                        checkBodies();
                    }
                    if (wait < SimScheduler.MS) {
                        apply(10_000);
                    } else {
                        idleApply();
                    }
                    afterStep();
                });
    }

    /// The apply thread looks once a second even if nobody wakes it.
    private void idleApply() {
        if (idleDue) {
            return;
        }
        idleDue = true;
        int started = life;
        scheduler.in(
                1_000 * SimScheduler.MS,
                () -> {
                    if (life == started) {
                        idleDue = false;
                        if (!applyDue) {
                            apply(0);
                        }
                    }
                });
    }

    /// The groups of this node: real parts, but for the network and what is planted.
    private final class Wiring extends GroupWiring {

        Wiring(PeerLink link) {
            super(link);
        }

        /// Small, so that bodies are read from the journal and where they lie is packed.
        @Override
        BodyCache bodyCache() {
            return new BodyCache(8_000, 3);
        }

        @Override
        boolean alone() {
            return simulation.nodes == 1;
        }

        @Override
        EngineTimes times() {
            return TIMES;
        }

        @Override
        HoldRules rules() {
            return simulation.plant.rules();
        }

        @Override
        Voters founders(NodeIdentity identity) {
            return voters(simulation.nodes);
        }

        @Override
        GroupLog log(int group, Journal journal, Snapshots snapshots) {
            SimLog log = simulation.plant.log(group, journal, snapshots, simulation.checker);
            log.breaker = breakers.get(group);
            return log;
        }

        @Override
        JournalStateStore store(int group, int nodeId, Journal journal) {
            return simulation.plant.store(group, nodeId, journal);
        }

        @Override
        Snapshots.State stateOf(int group, OffsetAndEpoch snapshot) {
            foreign[group] = true;
            return simulation.checker.snapshotState(group, snapshot);
        }
    }

    /// The kernel's own threads are run by the simulation; what it starts for a while runs as one event.
    private final class EventThreads implements Threads {
        private final int started;

        EventThreads(int life) {
            this.started = life;
        }

        @Override
        public Running start(String name, Runnable body) {
            scheduler.in(
                    random.nextInt(30_000_000),
                    () -> {
                        if (life == started) {
                            body.run();
                            afterStep();
                        }
                    });
            return () -> {};
        }

        @Override
        public Running every(String name, Duration period, Runnable work) {
            throw new SimulationFailure("a thread " + name, null);
        }

        @Override
        public Running startVirtual(String name, Runnable body) {
            throw new SimulationFailure("a thread " + name, null);
        }
    }
}
