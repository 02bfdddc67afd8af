package io.mainstay.kernel.group;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.GroupApply.SnapshotTaken;
import io.mainstay.kernel.group.LocalGroup.Fence;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.kernel.journal.RecordType;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Brings a group back that was fenced for a reason of its own, while the others go on.
///
/// ```
/// WAITING  the back-off passes, the apply thread lets go, all that the group wrote is synced
/// READING  on a thread of its own: the group's records of the journal, then its machines from the last snapshot
/// SERVING  a new engine, which starts as after a restart of the node; what is committed is applied again
/// ```
/// A failed journal, and an entry that fails again and again, are not rebuilt: GIVEN_UP. Driver thread only, but for [#read].
final class GroupRebuild {

    private static final Logger LOG = LoggerFactory.getLogger(GroupRebuild.class);

    private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// A group that served so long begins with the shortest wait again.
    private static final long WELL_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /// Failures at one entry, with a rebuild between them, that prove that another try is no use.
    private static final int MOST_FAILURES_AT_AN_ENTRY = 3;

    private enum State {
        SERVING,
        WAITING,
        READING,
        GIVEN_UP
    }

    private final LocalGroup group;
    private final GroupAssembly assembly;
    private final Machines machines;
    private final SnapshotTaken snapshotTaken;
    private final Semaphore oneAtATime;
    private final Installer installer;
    private final Consumer<Runnable> onDriver;
    private final CountDownLatch readingEnded = new CountDownLatch(1);

    private State state = State.SERVING;
    private GroupApply applier;
    private long servingSince;
    private int tries;
    private long tryAt;

    /// The group has written nothing behind this position of the journal.
    private long wroteUpTo;

    private long failedAt = -1;
    private int failuresThere;

    /// Guarded by this: whether a thread reads, and whether one may begin.
    private boolean reads;

    private boolean closed;

    /// @param applier the group's first apply half
    /// @param oneAtATime shared by all groups of the node: reading the journal is work for a disk
    GroupRebuild(
            LocalGroup group,
            GroupAssembly assembly,
            Machines machines,
            GroupApply applier,
            SnapshotTaken snapshotTaken,
            Semaphore oneAtATime,
            Installer installer,
            Consumer<Runnable> onDriver) {
        this.group = group;
        this.assembly = assembly;
        this.machines = machines;
        this.applier = applier;
        this.snapshotTaken = snapshotTaken;
        this.oneAtATime = oneAtATime;
        this.installer = installer;
        this.onDriver = onDriver;
        this.servingSince = group.clock.nanoTime();
    }

    /// Does what is due, after the group's engine had its turn; returns the nanoseconds until there is more.
    long turn() {
        Fence fence = group.fence();
        if (fence == null) {
            return Long.MAX_VALUE;
        }
        if (applier.ended()) {
            // Nobody else looks at them until the group is back.
            group.failApplyTasks("raft group " + group.id + " is fenced");
        }
        if (state == State.SERVING) {
            begin(fence);
        }
        if (state == State.WAITING && (fence.forGood() || group.journal.failed())) {
            giveUp();
        }
        return state == State.WAITING ? await() : Long.MAX_VALUE;
    }

    private void begin(Fence fence) {
        long now = group.clock.nanoTime();
        if (now - servingSince > WELL_NANOS) {
            tries = 0;
        }
        if (fence.applying() > failedAt) {
            failedAt = fence.applying();
            failuresThere = 1;
        } else if (fence.applying() >= 0) {
            failuresThere++;
        }
        if (fence.applying() >= 0 && failuresThere >= MOST_FAILURES_AT_AN_ENTRY) {
            giveUp(
                    "its entry at offset "
                            + failedAt
                            + " could not be applied "
                            + failuresThere
                            + " times; nothing of it is lost. Keep a copy of the data directory, report the failure above, and start a"
                            + " version that can apply that entry: this one will meet it again");
            return;
        }
        tryLater();
    }

    private void tryLater() {
        long wait = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(tries, 6));
        tries++;
        tryAt = group.clock.nanoTime() + wait;
        wroteUpTo = group.journal.end();
        state = State.WAITING;
        if (!group.journal.failed()) {
            LOG.warn(
                    "raft group {} is rebuilt in {} ms (try {})",
                    group.id,
                    TimeUnit.NANOSECONDS.toMillis(wait),
                    tries);
        }
    }

    private void giveUp() {
        state = State.GIVEN_UP;
        group.giveUp();
    }

    private void giveUp(String why) {
        giveUp();
        LOG.error("raft group {} stays fenced: {}", group.id, why);
    }

    private long await() {
        long wait = tryAt - group.clock.nanoTime();
        if (wait > 0) {
            return wait;
        }
        if (!applier.ended() || group.journal.synced() < wroteUpTo || !oneAtATime.tryAcquire()) {
            return LOOK_AGAIN_NANOS;
        }
        state = State.READING;
        long from = group.journal.neededFrom(group.id);
        long to = wroteUpTo;
        assembly.platform().threads().start("mainstay-rebuild", () -> read(from, to));
        return Long.MAX_VALUE;
    }

    /// Off the driver: reads nothing but files that the group holds, and machines that the apply thread has let go.
    private void read(long from, long to) {
        synchronized (this) {
            if (closed) {
                return;
            }
            reads = true;
        }
        try {
            GroupParts parts = assembly.parts(group.id);
            group.journal.replay(group.id, from, to, stoppable(parts));
            GroupApply fresh = assembly.applier(group, parts, machines, snapshotTaken);
            fresh.restore();
            onDriver.accept(() -> install(parts, fresh));
        } catch (IOException | RuntimeException | Error e) {
            onDriver.accept(() -> failed(e));
        } finally {
            endReading();
        }
    }

    private Journal.Replay stoppable(GroupParts parts) {
        Journal.Replay replay = parts.replay();
        return new Journal.Replay() {
            @Override
            public void record(
                    RecordType type,
                    int id,
                    long baseOffset,
                    long lastOffset,
                    int epoch,
                    long recordEnd,
                    ByteBuffer payload) {
                Check.that(!group.stopping, "the node is stopping");
                replay.record(type, id, baseOffset, lastOffset, epoch, recordEnd, payload);
            }

            @Override
            public boolean damaged(
                    RecordType type,
                    int id,
                    long baseOffset,
                    long lastOffset,
                    int epoch,
                    long recordEnd,
                    ByteBuffer payload) {
                return replay.damaged(type, id, baseOffset, lastOffset, epoch, recordEnd, payload);
            }
        };
    }

    private synchronized void endReading() {
        reads = false;
        if (closed) {
            readingEnded.countDown();
        }
    }

    private void install(GroupParts parts, GroupApply fresh) {
        oneAtATime.release();
        try {
            parts.log().truncateToLatestSnapshot();
            parts.log().started();
            group.beginAnew(parts.log(), parts.bodies());
            GroupEngine engine = assembly.engine(group, parts);
            if (group.journal.failed() || !group.unfence()) {
                giveUp();
                return;
            }
            installer.install(engine, fresh);
            applier = fresh;
            servingSince = group.clock.nanoTime();
            state = State.SERVING;
            LOG.warn(
                    "raft group {} is rebuilt from its snapshot at offset {} and a log up to {}",
                    group.id,
                    group.snapshotOffset,
                    parts.log().endOffset().offset());
        } catch (RuntimeException | Error e) {
            again(e);
        }
    }

    private void failed(Throwable e) {
        oneAtATime.release();
        again(e);
    }

    private void again(Throwable e) {
        if (group.stopping) {
            return;
        }
        LOG.error("raft group {} could not be rebuilt", group.id, e);
        group.rebuildFailed(e);
        if (e instanceof DamagedJournalException) {
            giveUp(
                    e.getMessage()
                            + ". Stop the node, run 'mainstay journal verify' and restore its data directory from a backup");
        } else {
            tryLater();
        }
    }

    /// Waits until no thread reads any more, and lets none begin. The node is stopping; any thread.
    void close() {
        synchronized (this) {
            closed = true;
            if (!reads) {
                return;
            }
        }
        try {
            if (!readingEnded.await(10, TimeUnit.SECONDS)) {
                LOG.warn("the rebuild of raft group {} did not end within 10 s", group.id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Puts a group's new halves in the place of the old ones.
    interface Installer {
        void install(GroupEngine engine, GroupApply applier);
    }
}
