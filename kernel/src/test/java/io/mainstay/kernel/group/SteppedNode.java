package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.Threads;
import io.mainstay.platform.sim.SimClock;
import io.mainstay.platform.sim.SimDisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// One voter with `meta` and three data groups whose threads are turned by hand, on a simulated disk and clock.
final class SteppedNode {

    final SimDisk disk;
    final SimClock clock = new SimClock(1_000_000);
    final List<ProbeMachine> machines = new ArrayList<>();
    final List<Shelf> shelves = new ArrayList<>();
    final List<Breaker> logs = new ArrayList<>();
    SegmentedJournal journal;
    RaftGroups groups;
    private final JournalConfig journalConfig;
    private final SplittableRandom random;
    private final Queue<Runnable> started = new ArrayDeque<>();
    private long snapshotLogBytes = Long.MAX_VALUE;

    SteppedNode() throws IOException {
        this(new SimDisk(64 << 20), new JournalConfig(64 << 10, 0), 5);
    }

    SteppedNode(SimDisk disk, JournalConfig journalConfig, long seed) throws IOException {
        this.random = new SplittableRandom(seed);
        this.disk = disk;
        this.journalConfig = journalConfig;
        open();
    }

    SteppedNode snapshotEvery(long bytes) throws IOException {
        snapshotLogBytes = bytes;
        close();
        open();
        return this;
    }

    /// A new process on the same disk; returns when it leads all groups.
    void open() throws IOException {
        machines.clear();
        shelves.clear();
        logs.clear();
        started.clear();
        Platform platform = new Platform(clock, random.split(), disk, new QueuedThreads());
        journal = SegmentedJournal.open(journalConfig, platform);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(
                                1, 3, snapshotLogBytes, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id -> {
                            machines.add(new ProbeMachine());
                            shelves.add(new Shelf());
                            return List.of(machines.getLast(), shelves.getLast());
                        },
                        new Wiring());
        for (int i = 0; i < 1_000 && !allLead(); i++) {
            clock.advance(Duration.ofMillis(10));
            turn();
        }
    }

    private boolean allLead() {
        for (int id = 0; id < groups.count(); id++) {
            if (groups.group(id).status().role() != RaftGroup.Role.LEADER) {
                return false;
            }
        }
        return true;
    }

    void close() throws IOException {
        groups.close();
        journal.close();
    }

    /// The process ends without a word; what it gave to the operating system stays.
    void kill() throws IOException {
        disk.killProcess();
        open();
    }

    void powerCut(long seed) throws IOException {
        disk.powerCut(new SplittableRandom(seed));
        open();
    }

    /// Each thread once.
    void turn() {
        groups.drive();
        groups.syncJournal();
        groups.applyAll();
        runStarted();
    }

    private void runStarted() {
        for (Runnable body = started.poll(); body != null; body = started.poll()) {
            body.run();
        }
    }

    /// One of the threads once.
    void step(RandomGenerator chance) {
        switch (chance.nextInt(4)) {
            case 0 -> groups.drive();
            case 1 -> groups.syncJournal();
            case 2 -> groups.applyAll();
            default -> runStarted();
        }
    }

    /// Enough turns for anything that needs no time.
    void settle() {
        for (int i = 0; i < 20; i++) {
            turn();
        }
    }

    /// Lets time pass in steps in which nothing is missed.
    void pass(Duration time) {
        for (long ms = 0; ms < time.toMillis(); ms += 50) {
            clock.advance(Duration.ofMillis(50));
            turn();
        }
        settle();
    }

    CompletableFuture<Outcome> propose(int group, Durability durability, long value) {
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        groups.group(group).propose(proposal(durability, told, value, 0));
        return told;
    }

    CompletableFuture<Outcome> propose(int group, long value) {
        return propose(group, Durability.QUORUM_FSYNC, value);
    }

    /// A completion that comes a second time fails the test that looks at the first.
    static Proposal proposal(
            Durability durability, CompletableFuture<Outcome> told, long value, int padding) {
        Proposal proposal =
                new Proposal(
                        durability,
                        outcome -> {
                            if (!told.complete(outcome)) {
                                told.obtrudeException(new AssertionError("answered twice"));
                            }
                        });
        proposal.add(MachineId.PROBE, 1, ByteBuffer.allocate(8 + padding).putLong(0, value));
        return proposal;
    }

    /// A command for the group's [Shelf].
    CompletableFuture<Outcome> shelve(int group, ByteBuffer command) {
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        Proposal proposal = new Proposal(Durability.QUORUM_FSYNC, told::complete);
        proposal.add(MachineId.QUEUES, 1, command);
        groups.group(group).propose(proposal);
        return told;
    }

    RaftGroup.Role role(int group) {
        return groups.group(group).status().role();
    }

    private final class Wiring extends GroupWiring {
        Wiring() {
            super(PeerLink.NONE);
        }

        /// Small, so that bodies are read from the journal and where they lie is packed.
        @Override
        BodyCache bodyCache() {
            return new BodyCache(8_000, 3);
        }

        @Override
        GroupLog log(int group, Journal ofNode, Snapshots snapshots) {
            if (logs.size() <= group) {
                logs.add(new Breaker(() -> {}));
            }
            SimLog log =
                    new SimLog(group, ofNode, snapshots, new SimChecker(4, new ShelfWorkload()));
            log.breaker = logs.get(group);
            return log;
        }
    }

    private final class QueuedThreads implements Threads {
        @Override
        public Running start(String name, Runnable body) {
            started.add(body);
            return () -> {};
        }

        @Override
        public Running every(String name, Duration period, Runnable work) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public Running startVirtual(String name, Runnable body) {
            throw new UnsupportedOperationException(name);
        }
    }
}
