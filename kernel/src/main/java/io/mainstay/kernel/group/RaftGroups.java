package io.mainstay.kernel.group;

import io.mainstay.common.Check;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.Journal.JournalFailedException;
import io.mainstay.platform.Platform;

import org.apache.kafka.raft.internals.BatchMemoryPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/// All raft groups of this node: one driver thread runs their engines over the one journal, one thread syncs it, one applies. A [Relocator] keeps the
/// journal short.
///
/// ```
/// propose → driver: append to the engine, poll, flush → sync thread: fdatasync → apply thread: apply, publish, answer
/// ```
/// The driver goes on while the sync runs: what arrives meanwhile is the next group commit. While little is under way it syncs and applies what it wrote
/// itself, see [#driveOn]. What a lone voter keeps in memory only
/// ([Durability#LEADER_MEMORY]) goes from the driver to the apply thread at once, and is synced with others or in its own time ([SyncPace]).
public final class RaftGroups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RaftGroups.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int RETAINED_BATCH_BUFFERS = 4;
    private static final int BATCH_BUFFER_BYTES = 8 << 20;

    /// What the driver syncs and applies itself is no more than this: about what it appends while another thread would wake up.
    private static final int FEW_BYTES = 64 << 10;

    /// Syncs that take longer than this, as a rule, are the sync thread's: the driver has better to do meanwhile.
    private static final long QUICK_SYNC_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Platform platform;
    private final Journal journal;
    final Wake driver = new Wake();
    final Wake sync = new Wake();
    final Wake apply = new Wake();
    private final Queue<Runnable> driverTasks = new ConcurrentLinkedQueue<>();
    private final Outbox outbox;
    private final SyncPace pace;
    private final Relocator relocator;
    private final GroupWiring wiring;
    private final List<LocalGroup> groups = new ArrayList<>();
    private final List<GroupRebuild> rebuilds = new ArrayList<>();

    /// The groups' halves, by group; a rebuild puts new ones there.
    final List<GroupEngine> engines = new CopyOnWriteArrayList<>();

    private final List<GroupApply> applies = new CopyOnWriteArrayList<>();
    private final CountDownLatch leading;
    private String clusterId = "";
    private boolean started;

    /// A lone voter's driver has nothing to do after most syncs, and each wake-up costs as much as the work itself.
    private volatile boolean driverWaitsForSync;

    /// What a sync took of late.
    private volatile long syncNanos;

    private RaftGroups(
            RaftGroupsConfig config, Platform platform, Journal journal, GroupWiring wiring) {
        this.platform = platform;
        this.journal = journal;
        this.wiring = wiring;
        this.outbox = new Outbox(wiring.link(), journal);
        this.pace = new SyncPace(journal, platform.clock());
        this.relocator = new Relocator(config, platform, journal, driver);
        this.leading = new CountDownLatch(config.groups());
    }

    /// Replays the journal, restores the machines from their snapshots and makes the engines; nothing runs yet.
    ///
    /// @param machines the state machines of each group, asked once for each id from 0 (`meta`)
    /// @throws IOException if the journal or a snapshot is damaged: the message says where
    public static RaftGroups open(
            RaftGroupsConfig config,
            Platform platform,
            Journal journal,
            IntFunction<List<StateMachine<?, ?>>> machines)
            throws IOException {
        return open(config, platform, journal, machines, new GroupWiring(PeerLink.NONE));
    }

    static RaftGroups open(
            RaftGroupsConfig config,
            Platform platform,
            Journal journal,
            IntFunction<List<StateMachine<?, ?>>> machines,
            GroupWiring wiring)
            throws IOException {
        RaftGroups node = new RaftGroups(config, platform, journal, wiring);
        node.build(config, machines);
        return node;
    }

    private void build(RaftGroupsConfig config, IntFunction<List<StateMachine<?, ?>>> machines)
            throws IOException {
        NodeIdentity identity = NodeIdentity.load(platform, config);
        clusterId = identity.clusterId();
        GroupAssembly assembly =
                new GroupAssembly(
                        config,
                        platform,
                        journal,
                        wiring,
                        identity,
                        wiring.founders(identity),
                        new BatchMemoryPool(RETAINED_BATCH_BUFFERS, BATCH_BUFFER_BYTES),
                        wiring.bodyCache(),
                        outbox,
                        driver,
                        apply);
        int count = config.groups();
        List<GroupParts> parts = new ArrayList<>();
        List<Journal.Replay> replays = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            parts.add(assembly.parts(id));
            replays.add(parts.get(id).replay());
        }
        journal.replay(new ReplayOfAll(replays));
        Semaphore oneRebuild = new Semaphore(1);
        for (GroupParts part : parts) {
            make(assembly, part, new Machines(machines.apply(part.id())), oneRebuild);
        }
        wiring.link().receiver(this::received);
    }

    private void make(
            GroupAssembly assembly, GroupParts parts, Machines machines, Semaphore oneRebuild)
            throws IOException {
        int id = parts.id();
        LocalGroup group = assembly.group(parts);
        parts.beginIfNew(assembly.founders());
        parts.log().truncateToLatestSnapshot();
        parts.log().started();
        GroupApply.SnapshotTaken taken =
                (snapshot, timeMs) ->
                        onDriver(() -> engines.get(id).snapshotTaken(snapshot, timeMs));
        GroupApply applier = assembly.applier(group, parts, machines, taken);
        applier.restore();
        groups.add(group);
        applies.add(applier);
        engines.add(assembly.engine(group, parts));
        rebuilds.add(
                new GroupRebuild(
                        group,
                        assembly,
                        machines,
                        applier,
                        taken,
                        oneRebuild,
                        (engine, fresh) -> {
                            engines.set(id, engine);
                            applies.set(id, fresh);
                            apply.wake();
                        },
                        this::onDriver));
        group.addListener(new FirstLeadership(id));
    }

    /// Counts a group once, however often it is led anew.
    private final class FirstLeadership implements RaftGroup.LeadershipListener {
        private final int id;
        private boolean counted;

        FirstLeadership(int id) {
            this.id = id;
        }

        @Override
        public void gained(int term) {
            if (!counted) {
                counted = true;
                applies.get(id).tellDamaged();
                leading.countDown();
            }
        }

        @Override
        public void lost(int term) {}
    }

    private void received(int node, ByteBuffer frame) {
        onDriver(
                () -> {
                    try {
                        Frame read = Frame.decode(frame);
                        if (read.group() >= 0 && read.group() < engines.size()) {
                            engines.get(read.group()).received(node, read);
                        }
                    } catch (RuntimeException e) {
                        LOG.warn("a frame from node {} cannot be read and is dropped", node, e);
                    }
                });
    }

    void onDriver(Runnable task) {
        driverTasks.add(task);
        driver.wake();
    }

    /// Starts the threads.
    public void start() {
        Check.that(!started, "groups are started once");
        started = true;
        platform.threads().start("mainstay-driver", () -> run(driver, this::driveOn));
        platform.threads().start("mainstay-sync", () -> run(sync, this::syncOn));
        platform.threads().start("mainstay-apply", () -> run(apply, this::applyAll));
    }

    private void run(Wake wake, LongSupplier loop) {
        wake.begin();
        try {
            while (!wake.stopping()) {
                long wait = wake.inTurn(loop);
                wake.await(Math.min(wait, IDLE_NANOS));
            }
            wake.inTurn(loop);
        } catch (RuntimeException | Error e) {
            // Each turn catches what it knows; whatever came here must not leave anybody waiting.
            String name = Thread.currentThread().getName();
            LOG.error("thread {} ended: no group works any more; restart the node", name, e);
            groups.forEach(group -> group.fenceForGood("thread " + name, e));
        } finally {
            wake.end();
        }
    }

    /// The driver thread's turn: what it wrote it syncs and applies as well, as long as that is little and quickly done. To wake two threads for a few
    /// messages costs more than they do.
    ///
    /// Not where other nodes wait for this driver's answers.
    long driveOn() {
        long wait = drive();
        boolean few =
                wiring.alone()
                        && journal.end() - journal.synced() <= FEW_BYTES
                        && syncNanos <= QUICK_SYNC_NANOS;
        if (!few || !sync.here(this::syncJournal)) {
            sync.pass();
        }
        if (!few || !apply.here(this::applyFew)) {
            apply.pass();
        }
        return wait;
    }

    long drive() {
        long syncedBefore = journal.synced();
        for (Runnable task = driverTasks.poll(); task != null; task = driverTasks.poll()) {
            task.run();
        }
        long wait = IDLE_NANOS;
        for (GroupEngine engine : engines) {
            wait = Math.min(wait, engine.turn());
        }
        for (GroupRebuild rebuild : rebuilds) {
            wait = Math.min(wait, rebuild.turn());
        }
        relocator.drive();
        try {
            journal.flush();
            engines.forEach(GroupEngine::flushed);
        } catch (JournalFailedException e) {
            groups.forEach(group -> group.fenceForGood("the journal", e));
        }
        boolean unreachable = outbox.release();
        driverWaitsForSync =
                outbox.isHolding()
                        || relocator.waitsForSync()
                        || engines.stream().anyMatch(GroupEngine::waitsForSync);
        long untilSync =
                pace.turn(driverWaitsForSync || engines.stream().anyMatch(GroupEngine::wantsSync));
        if (untilSync <= 0) {
            sync.mark();
        } else {
            wait = Math.min(wait, untilSync);
        }
        if (driverWaitsForSync && journal.synced() > syncedBefore) {
            // That sync may have looked before it was said that somebody waits for it.
            return 0;
        }
        // A node that was not reachable is an answer for the engine: it is polled again at once.
        return unreachable ? 0 : wait;
    }

    private long syncOn() {
        long wait = syncJournal();
        apply.pass();
        return wait;
    }

    long syncJournal() {
        try {
            long before = journal.synced();
            long start = platform.clock().nanoTime();
            if (!journal.failed() && journal.sync() > before) {
                syncNanos += (platform.clock().nanoTime() - start - syncNanos) / 8;
                apply.mark();
                if (driverWaitsForSync) {
                    driver.wake();
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the journal could not be synced; no group takes a write any more", e);
            groups.forEach(group -> group.fenceForGood("a sync of the journal", e));
        }
        return IDLE_NANOS;
    }

    /// Leaves snapshots and old segments to the apply thread, which looks after them once a second.
    private void applyFew() {
        boolean more = false;
        for (GroupApply group : applies) {
            more |= group.round();
        }
        if (more) {
            apply.wake();
        }
    }

    long applyAll() {
        boolean more = false;
        boolean snapshotTaken = false;
        for (GroupApply group : applies) {
            more |= group.round();
            // Never two at once: the next group's turn comes with the next round.
            snapshotTaken = snapshotTaken || group.snapshotIfDue();
        }
        more |= relocator.begin(applies);
        return more || snapshotTaken ? 0 : IDLE_NANOS;
    }

    /// Bytes of bodies that this process wrote again to free old segments of the journal.
    public long relocatedBytes() {
        return relocator.moved();
    }

    /// Names the cluster for as long as its data lives: offsets and revisions mean nothing in another one.
    public String clusterId() {
        return clusterId;
    }

    /// Number of groups, `meta` included.
    public int count() {
        return groups.size();
    }

    /// @param id 0 is `meta`
    public RaftGroup group(int id) {
        return groups.get(id);
    }

    /// Waits until this node leads every group, has applied what earlier terms left, and every listener that was added before knows
    /// it; false if that took longer.
    public boolean awaitReady(Duration most) throws InterruptedException {
        long end = platform.clock().nanoTime() + most.toNanos();
        if (!leading.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        // Listeners are told on the apply thread, in the order in which they came.
        CountDownLatch told = new CountDownLatch(groups.size());
        groups.forEach(group -> group.whenApplied(-1, told::countDown, why -> {}));
        return told.await(end - platform.clock().nanoTime(), TimeUnit.NANOSECONDS);
    }

    /// Digests of the machines of a group at one moment, in order of machine number.
    public CompletableFuture<List<Long>> digests(int id) {
        CompletableFuture<List<Long>> answer = new CompletableFuture<>();
        groups.get(id)
                .whenApplied(
                        -1,
                        () -> answer.complete(applies.get(id).digests()),
                        why -> answer.completeExceptionally(new IllegalStateException(why)));
        return answer;
    }

    /// Ends the threads in order; what is under way and was not answered is answered as unknown. The journal is the caller's to close.
    @Override
    public void close() {
        groups.forEach(group -> group.stopping = true);
        if (started) {
            for (Wake wake : List.of(driver, sync, apply)) {
                if (!wake.stop()) {
                    LOG.warn("a thread of the raft groups did not end within 10 s");
                }
            }
        }
        rebuilds.forEach(GroupRebuild::close);
        groups.forEach(LocalGroup::close);
    }
}
