package io.mainstay.kernel.group;

import io.mainstay.kernel.group.LocalGroup.Pending;
import io.mainstay.kernel.group.Outcome.Reason;

import org.apache.kafka.raft.BatchReader;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.apache.kafka.raft.RaftClient;
import org.apache.kafka.raft.errors.NotLeaderException;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.SnapshotReader;
import org.apache.kafka.snapshot.SnapshotWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// The driver's half of a group: proposals go into the engine, the engine is polled. Driver thread only.
final class GroupEngine implements RaftClient.Listener<ByteBuffer> {

    private static final Logger LOG = LoggerFactory.getLogger(GroupEngine.class);

    /// Entries of one batch; the engine takes at most 8 MiB.
    private static final int BATCH_BYTES = 4 << 20;

    /// Polls with nothing to do and no time to wait, before the group waits all the same: an engine that asks to be polled at once for ever must
    /// not take the processor.
    private static final int IDLE_POLLS = 4;

    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LocalGroup group;
    private final GroupQueue queue;
    private final KafkaRaftClient<ByteBuffer> client;
    private final GroupPeers peers;
    private final JournalStateStore store;
    private final Snapshots snapshots;
    private final Wake apply;
    private final EarlyAnswers early;
    private long pollAt;
    private long lastTimeMs;
    private long releaseTo = -1;
    private long releaseWhenSynced;

    /// Snapshots whose state is written, and the position that each waits for, see [HoldRules#snapshot].
    private final Queue<TakenSnapshot> snapshotsTaken = new ArrayDeque<>();

    /// Behind the last entry that may be applied before it is synced, once it is written.
    private long memoryEnd;

    /// Behind the last record of this group that somebody wants synced soon.
    private long syncWanted;

    /// No record of this group that it still needs lies before this position of the journal, as far as the journal was told.
    private long keptFrom;

    GroupEngine(
            LocalGroup group,
            GroupQueue queue,
            KafkaRaftClient<ByteBuffer> client,
            GroupPeers peers,
            JournalStateStore store,
            Snapshots snapshots,
            Wake apply) {
        this.group = group;
        this.queue = queue;
        this.client = client;
        this.peers = peers;
        this.store = store;
        this.snapshots = snapshots;
        this.apply = apply;
        this.early = new EarlyAnswers(group);
        this.pollAt = group.clock.nanoTime();
    }

    LocalGroup group() {
        return group;
    }

    /// Does what is due; returns the nanoseconds until it wants to be called again.
    long turn() {
        if (group.fenced()) {
            // What was appended while another thread fenced the group is still to be answered.
            group.abandon("raft group " + group.name + " is fenced");
            peers.reads()
                    .failAll(
                            new Outcome.Refused(
                                    Reason.UNAVAILABLE, "raft group " + group.name + " is fenced"));
            return Long.MAX_VALUE;
        }
        try {
            long before = group.journal.end();
            long memoryBefore = memoryEnd;
            boolean appended = appendBatch();
            long expiry = peers.expirations().expire();
            if (appended || queue.hasMessages() || group.clock.nanoTime() - pollAt >= 0) {
                pollAt = poll();
            }
            if (group.journal.end() > before && memoryEnd == memoryBefore) {
                syncWanted = group.journal.end();
            }
            finishSnapshots();
            rewriteIfIdle();
            releaseBodies();
            release();
            long wait = Math.min(peers.reads().turn(), expiry);
            wait = Math.min(wait, Math.max(0, pollAt - group.clock.nanoTime()));
            return group.proposals.isEmpty() ? wait : 0;
        } catch (RuntimeException | Error e) {
            group.fence("its engine", e);
            return Long.MAX_VALUE;
        }
    }

    /// After the journal was flushed: answers who need not wait for more, and lets be applied what need not.
    void flushed() {
        if (group.fenced()) {
            return;
        }
        early.answer();
        if (memoryEnd > group.memoryEnd && group.log.endOffset().offset() >= memoryEnd) {
            group.memoryEnd = memoryEnd;
            apply.mark();
        }
    }

    /// True if a sync of the journal gives this half something to do.
    boolean waitsForSync() {
        return releaseTo >= 0 || !snapshotsTaken.isEmpty() || early.waitForSync();
    }

    /// True if somebody waits for a sync of what this group has written.
    boolean wantsSync() {
        return syncWanted > group.journal.synced() || waitsForSync();
    }

    /// A frame of this group came from `node`; one that cannot be read is dropped like one that was lost.
    void received(int node, Frame frame) {
        if (!group.fenced()) {
            peers.received(node, frame);
        }
    }

    KafkaRaftClient<ByteBuffer> client() {
        return client;
    }

    /// One batch a turn: the engine must be polled between two of them, and the other groups have their turn. What is applied before it is synced has batches of
    /// its own.
    private boolean appendBatch() {
        int term = group.leadingTerm();
        List<Proposal> taken = new ArrayList<>();
        List<ByteBuffer> entries = new ArrayList<>();
        lastTimeMs = Math.max(Math.max(lastTimeMs, group.appliedTimeMs), group.clock.wallMs());
        for (int bytes = 0; bytes < BATCH_BYTES; ) {
            Proposal proposal = group.proposals.peek();
            if (proposal == null
                    || !taken.isEmpty()
                            && proposal.durability().appliedWhenSynced()
                                    != taken.getFirst().durability().appliedWhenSynced()) {
                break;
            }
            proposal = group.proposals.poll();
            if (proposal == null) {
                // Whoever stops the group answers it.
                break;
            }
            ByteBuffer entry = proposal.entry(lastTimeMs);
            bytes += entry.remaining();
            taken.add(proposal);
            entries.add(entry);
        }
        if (taken.isEmpty()) {
            return false;
        }
        append(term, taken, entries);
        return true;
    }

    private void append(int term, List<Proposal> taken, List<ByteBuffer> entries) {
        long last;
        try {
            if (term < 0) {
                throw new NotLeaderException("leadership was lost");
            }
            last = client.prepareAppend(term, entries);
        } catch (NotLeaderException e) {
            String message = "raft group " + group.name + " is led by node " + group.leader;
            for (Proposal proposal : taken) {
                group.answered(proposal, new Outcome.Refused(Reason.NOT_LEADER, message));
            }
            return;
        } catch (RuntimeException e) {
            for (Proposal proposal : taken) {
                group.answered(proposal, new Outcome.Unknown("the engine failed: " + e));
            }
            throw e;
        }
        long offset = last - taken.size() + 1;
        for (Proposal proposal : taken) {
            group.pending.put(offset, new Pending(proposal, term, false));
            early.add(proposal.durability(), offset, term);
            offset++;
        }
        client.schedulePreparedAppend();
        if (!taken.getFirst().durability().appliedWhenSynced()
                && group.rules.showsMemory(peers.reads().voterCount())) {
            memoryEnd = last + 1;
        }
    }

    private long poll() {
        int idle = 0;
        long committed = group.log.committedEnd();
        do {
            queue.beginPoll();
            client.poll();
            idle = queue.again() ? 0 : idle + 1;
        } while (queue.again() || queue.timeoutMs() <= 0 && idle < IDLE_POLLS);
        if (group.log.committedEnd() > committed
                && group.log.positionBehind(committed) <= group.rules.shownBelow(group.journal)) {
            // What is committed and not synced yet is the sync thread's to tell.
            apply.mark();
        }
        long wait = Math.min(queue.timeoutMs(), TimeUnit.HOURS.toMillis(1));
        return group.clock.nanoTime()
                + Math.max(IDLE_NANOS, TimeUnit.MILLISECONDS.toNanos(Math.max(0, wait)));
    }

    /// The state of a snapshot is durable: the snapshot follows when its entries are.
    void snapshotTaken(OffsetAndEpoch id, long timeMs) {
        long behind = group.log.positionBehind(id.offset() - 1);
        snapshotsTaken.add(new TakenSnapshot(id, timeMs, group.rules.snapshot(behind)));
    }

    private void finishSnapshots() {
        for (TakenSnapshot first = snapshotsTaken.peek();
                first != null && first.need <= group.journal.synced();
                first = snapshotsTaken.peek()) {
            snapshotsTaken.remove();
            finishSnapshot(first.id, first.timeMs);
        }
    }

    /// Makes a snapshot of state that is durable beside it known to the engine, and lets the journal forget what it holds.
    private void finishSnapshot(OffsetAndEpoch id, long timeMs) {
        if (group.fenced() || id.offset() < group.log.startOffset()) {
            // In between a leader's snapshot was taken over that contains more.
            return;
        }
        try {
            if (!writeManifest(id, timeMs)) {
                return;
            }
            long before = group.journal.end();
            group.log.deleteBeforeSnapshot(id);
            store.writeAgain();
            group.snapshotOffset = id.offset();
            releaseUpTo(before);
            snapshots.deleteOlder();
        } catch (IOException e) {
            LOG.warn("raft group {}: an old snapshot could not be deleted", group.name, e);
        } catch (RuntimeException | Error e) {
            group.fence("its snapshot", e);
        }
    }

    /// False if the disk did not take it: the log is kept, and a later snapshot makes up for it.
    private boolean writeManifest(OffsetAndEpoch id, long timeMs) {
        var writer = client.createSnapshot(id, timeMs);
        if (writer.isPresent()) {
            try (SnapshotWriter<ByteBuffer> manifest = writer.get()) {
                manifest.freeze();
            } catch (UncheckedIOException e) {
                LOG.warn(
                        "raft group {}: a snapshot could not be written, the next one makes up for it: {}",
                        group.name,
                        e.toString());
                return false;
            }
        }
        return true;
    }

    /// A group without entries holds the segment with its own last start and vote, while its neighbours may fill the disk: it writes both again
    /// when they lie far back.
    private void rewriteIfIdle() {
        long before = group.journal.end();
        if (group.log.isEmpty() && before - keptFrom > group.snapshotLogBytes && releaseTo < 0) {
            group.log.writeStart();
            store.writeAgain();
            releaseUpTo(before);
        }
    }

    /// @param behind what the log does not need lies before the oldest batch that it still needs, or this
    private void releaseUpTo(long behind) {
        // The group's own records were written again behind this; bodies may hold older segments,
        // and writing again would not free them.
        keptFrom = group.log.oldestPosition(behind);
        releaseTo = Math.min(keptFrom, group.bodies.oldestPosition(behind));
        releaseWhenSynced = group.journal.end();
    }

    /// Bodies were moved, which is durable, or are needed no more, by commands that may have been applied before they were synced.
    private void releaseBodies() {
        if (releaseTo < 0 && group.bodiesLetGo.getAndSet(false)) {
            releaseTo = Math.min(keptFrom, group.bodies.oldestPosition(keptFrom));
            releaseWhenSynced = group.journal.end();
        }
    }

    /// Only when the records that replace the old ones are durable may the old ones go.
    private void release() {
        if (releaseTo >= 0 && group.journal.synced() >= releaseWhenSynced) {
            group.journal.release(group.id, releaseTo);
            releaseTo = -1;
        }
    }

    private record TakenSnapshot(OffsetAndEpoch id, long timeMs, long need) {}

    @Override
    public void handleCommit(BatchReader<ByteBuffer> reader) {
        // The apply thread reads the log itself; the engine only wants to see its reader emptied.
        try (reader) {
            while (reader.hasNext()) {
                reader.next();
            }
        }
    }

    @Override
    public void handleLoadSnapshot(SnapshotReader<ByteBuffer> reader) {
        // The apply thread restores the machines when it sees that the log jumped.
        apply.mark();
        reader.close();
    }

    @Override
    public void handleLoadBootstrap(SnapshotReader<ByteBuffer> reader) {
        reader.close();
    }

    @Override
    public void handleLeaderChange(LeaderAndEpoch change) {
        int led = group.leaderTerm;
        boolean leads = change.isLeader(group.nodeId);
        group.term = change.epoch();
        group.leader = change.leaderId().orElse(-1);
        if (led >= 0 && !(leads && change.epoch() == led)) {
            // Also when a later term of our own follows at once.
            group.leaderTerm = -1;
            group.leadershipLost();
            group.whenApplied(-1, () -> group.announceLost(led), why -> {});
        }
        if (leads && change.epoch() != led) {
            group.leaderTerm = change.epoch();
            // The engine tells it once everything of earlier terms is committed; listeners hear it
            // once that is applied.
            int gained = change.epoch();
            // A new leader commits its whole log; its high watermark may still lag behind here.
            group.whenApplied(
                    group.log.endOffset().offset() - 1,
                    () -> group.announceGained(gained),
                    why -> {});
        }
    }
}
