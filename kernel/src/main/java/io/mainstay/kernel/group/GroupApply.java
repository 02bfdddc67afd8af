package io.mainstay.kernel.group;

import io.mainstay.kernel.group.LocalGroup.Pending;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The apply half of a group: reads our own log up to what is committed *and* synced, applies it, publishes, answers. Apply thread only.
///
/// Leader, follower and restart run this same code on the same bytes, so nothing that anybody sees runs ahead of the disk, but for what its proposer wanted
/// kept in memory only ([Durability#LEADER_MEMORY]) and a lone voter meets with nothing unsynced in front of it.
final class GroupApply {

    private static final Logger LOG = LoggerFactory.getLogger(GroupApply.class);

    /// A snapshot that could not be written is tried again after so long.
    private static final long SNAPSHOT_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    /// Batches applied before views are published and proposers answered.
    private static final int BATCHES_PER_ROUND = 64;

    private final LocalGroup group;
    private final GroupLog log;
    private final Machines machines;
    private final Snapshots snapshots;
    private final GroupBodies bodies;
    private final RaftGroupsConfig config;
    private final SnapshotTaken snapshotTaken;
    private long next;
    private int lastEpoch;
    private long bytesSinceSnapshot;
    private long stateBytes;
    private long snapshotNanos;

    /// The offset of the snapshot that was taken last and is not known to be the group's yet, or -1.
    private long unconfirmedSnapshot = -1;

    /// Bytes of all entries in that snapshot.
    private long unconfirmedBytes;

    private boolean snapshotFailed;
    private long lastTimeMs;

    /// Bytes of all entries that were applied: the address of the next one.
    private long entryBytes;

    /// The entry that is being applied.
    private long applying;

    /// It has seen that the group is fenced, and touches nothing of it any more.
    private volatile boolean ended;

    GroupApply(
            LocalGroup group,
            GroupLog log,
            Machines machines,
            Snapshots snapshots,
            GroupBodies bodies,
            RaftGroupsConfig config,
            SnapshotTaken snapshotTaken) {
        this.group = group;
        this.log = log;
        this.machines = machines;
        this.snapshots = snapshots;
        this.bodies = bodies;
        this.config = config;
        this.snapshotTaken = snapshotTaken;
        this.snapshotNanos = group.clock.nanoTime();
    }

    LocalGroup group() {
        return group;
    }

    boolean ended() {
        return ended;
    }

    /// Before the engine starts (in a rebuild on a thread of its own), and when the log jumped to a snapshot that a leader sent: the state of the latest snapshot.
    void restore() throws IOException {
        OffsetAndEpoch id = snapshots.latestFor(log.startOffset());
        applying = -1;
        Snapshots.State state = snapshots.readState(id);
        stateBytes = state.machines().remaining();
        machines.restore(state.machines());
        lastTimeMs = state.timeMs();
        group.appliedTimeMs = lastTimeMs;
        entryBytes = state.entryBytes();
        bodies.restored(id.offset(), entryBytes);
        next = id.offset();
        lastEpoch = id.epoch();
        group.snapshotOffset = id.offset();
        group.applied = next - 1;
        bytesSinceSnapshot = 0;
        show();
    }

    /// Publishes what is applied. After a rebuild the views stay as they are until everything is applied again that they showed before:
    /// nobody sees the state go back.
    private void show() {
        if (next - 1 >= group.shown) {
            machines.publish(next - 1);
            group.shown = next - 1;
        }
    }

    /// Applies what there is; returns true if there is more.
    boolean round() {
        if (ended) {
            return false;
        }
        if (group.fenced()) {
            end();
            return false;
        }
        try {
            if (next < log.startOffset()) {
                restore();
            }
            boolean more = applyBatches();
            if (bodies.keepsMuch()) {
                bodies.forgetBefore(machines.bodiesNeededFrom());
            }
            group.runApplyTasks();
            return more;
        } catch (IOException | RuntimeException | Error e) {
            group.fence(
                    applying < 0 ? "restoring its state" : "applying offset " + applying,
                    e,
                    applying);
            end();
            return false;
        }
    }

    private void end() {
        group.endApplying();
        ended = true;
    }

    private boolean applyBatches() throws IOException {
        List<Answer> answers = new ArrayList<>();
        List<Runnable> effects = new ArrayList<>();
        long before = next;
        int batches;
        try {
            batches = applyBatches(answers, effects);
            if (next > before) {
                show();
            }
        } catch (IOException | RuntimeException | Error e) {
            for (Answer answer : answers) {
                group.answered(
                        answer.pending, new Outcome.Unknown("raft group " + group.name + ": " + e));
            }
            throw e;
        }
        if (next > before) {
            group.appliedTimeMs = lastTimeMs;
            group.applied = next - 1;
            effects.forEach(effect -> group.guarded("an effect", effect));
            answers.forEach(answer -> group.answered(answer.pending, answer.outcome));
        }
        return batches == BATCHES_PER_ROUND;
    }

    private int applyBatches(List<Answer> answers, List<Runnable> effects) throws IOException {
        int batches = 0;
        while (batches < BATCHES_PER_ROUND) {
            BatchRef batch = next < log.committedEnd() ? log.batchWith(next) : null;
            if (batch == null
                    || batch.lastOffset >= log.committedEnd()
                    || batch.recordEnd > group.rules.shownBelow(group.journal)
                            && !group.isOfMemory(batch)) {
                break;
            }
            if (!batch.control) {
                applyBatch(batch, answers, effects);
            }
            next = batch.lastOffset + 1;
            lastEpoch = batch.epoch;
            bytesSinceSnapshot += batch.bytes;
            batch.forgetBytes();
            batches++;
        }
        return batches;
    }

    private void applyBatch(BatchRef ref, List<Answer> answers, List<Runnable> effects)
            throws IOException {
        MemoryRecords bytes = ref.records(group.journal);
        long start = entryBytes;
        boolean holdsBodies = false;
        for (RecordBatch batch : bytes.batches()) {
            for (Record record : batch) {
                ByteBuffer entry = record.value();
                applying = record.offset();
                lastTimeMs = entry.getLong(entry.position());
                List<Object> replies = new ArrayList<>();
                List<Runnable> wanted = new ArrayList<>();
                int length = entry.remaining();
                holdsBodies |= machines.apply(record.offset(), entryBytes, entry, replies, wanted);
                entryBytes += length;
                // Only of the term that is led here: entries of earlier terms are applied again at
                // every start.
                if (ref.epoch == group.leaderTerm) {
                    effects.addAll(wanted);
                }
                Pending pending = group.pending.remove(record.offset());
                if (pending != null) {
                    answers.add(
                            new Answer(pending, outcome(pending, ref, record.offset(), replies)));
                }
            }
        }
        if (holdsBodies) {
            bodies.applied(start, ref, bytes);
        }
    }

    private Outcome outcome(Pending pending, BatchRef ref, long offset, List<Object> replies) {
        if (pending.term() != ref.epoch) {
            return new Outcome.Refused(
                    Outcome.Reason.NOT_LEADER,
                    "raft group "
                            + group.name
                            + " took another leader's entry at offset "
                            + offset);
        }
        return switch (pending.proposal().durability()) {
            case QUORUM_FSYNC, LEADER_MEMORY -> new Outcome.Applied(offset, replies);
            case LEADER_FSYNC, QUORUM_MEMORY -> new Outcome.Accepted(offset);
        };
    }

    /// Takes a snapshot if one is due; returns true if it took one.
    boolean snapshotIfDue() {
        if (unconfirmedSnapshot >= 0 && group.snapshotOffset >= unconfirmedSnapshot) {
            unconfirmedSnapshot = -1;
            bodies.snapshotDurable(unconfirmedBytes);
            machines.snapshotDurable();
        }
        if (ended
                || group.fenced()
                || next <= group.snapshotOffset
                || bytesSinceSnapshot == 0
                // One that waits for a sync, or for its manifest, is not overtaken by the next one.
                || (snapshotFailed || unconfirmedSnapshot >= 0)
                        && group.clock.nanoTime() - snapshotNanos < SNAPSHOT_AGAIN_NANOS) {
            return false;
        }
        Duration age = Duration.ofNanos(group.clock.nanoTime() - snapshotNanos);
        // A large state is written the less often, so that it never costs more than the log itself.
        if (bytesSinceSnapshot < Math.max(config.snapshotLogBytes(), 2 * stateBytes)
                && age.compareTo(config.snapshotInterval()) < 0
                && !holdsTheJournal()) {
            return false;
        }
        OffsetAndEpoch id = new OffsetAndEpoch(next, lastEpoch);
        try {
            stateBytes = snapshots.writeState(id, lastTimeMs, entryBytes, machines::snapshot);
            bodies.dropBefore(machines.bodiesNeededFrom());
        } catch (IOException | OutOfMemoryError e) {
            // Machines only tell their state, so it is sound, and its log is kept: nobody needs to
            // notice.
            snapshotFailed = true;
            snapshotNanos = group.clock.nanoTime();
            LOG.warn(
                    "raft group {}: a snapshot could not be written and is tried again in 30 s: {}",
                    group.name,
                    e.toString());
            return false;
        } catch (RuntimeException | Error e) {
            group.fence("making a snapshot", e);
            return false;
        }
        snapshotFailed = false;
        bytesSinceSnapshot = 0;
        snapshotNanos = group.clock.nanoTime();
        unconfirmedSnapshot = id.offset();
        unconfirmedBytes = entryBytes;
        snapshotTaken.taken(id, lastTimeMs);
        return true;
    }

    /// A quiet group's few entries hold segments that a busy neighbour fills.
    private boolean holdsTheJournal() {
        long end = group.journal.end();
        return end - log.oldestPosition(end) > config.snapshotLogBytes();
    }

    /// The journal position from which on this group's bodies need it; `otherwise` if they do not, or the group is out of service.
    long oldestBody(long otherwise) {
        return ended || group.fenced() ? otherwise : bodies.oldestPosition(otherwise);
    }

    /// See [StateMachine#bodyBytes()].
    long bodyBytes() {
        return ended || group.fenced() ? 0 : machines.bodyBytes();
    }

    /// Finds out what of the oldest records with bodies is needed, and gives them up if that is nothing.
    ///
    /// @param most bytes of records, but for the first
    Move moveOldest(long most) {
        try {
            List<BodyPiece> run = bodies.oldestRun(next - 1, most);
            if (run.isEmpty()) {
                return Move.LATER;
            }
            BodyRange needed = BodyRange.of(run.getFirst().start(), run.getLast().end(), machines);
            if (needed.count() > 0) {
                return new Move.Copy(new Relocation(group, bodies, run, needed, next - 1));
            }
            bodies.drop(run);
            group.bodiesLetGo();
            return Move.DROPPED;
        } catch (RuntimeException | Error e) {
            group.fence("looking for old bodies", e);
            return Move.LATER;
        }
    }

    /// What is to be done with the oldest records that hold bodies.
    sealed interface Move {
        Move LATER = new Later();
        Move DROPPED = new Dropped();

        /// Nothing now.
        record Later() implements Move {}

        /// Nothing of them was needed: they are given up.
        record Dropped() implements Move {}

        record Copy(Relocation relocation) implements Move {}
    }

    /// Says how many bodies that are still needed lie where a start found damage.
    void tellDamaged() {
        List<Long> ranges = bodies.damagedRanges();
        for (int i = 0; i < ranges.size(); i += 2) {
            int lost = BodyRange.of(ranges.get(i), ranges.get(i + 1), machines).count();
            if (lost > 0) {
                LOG.error(
                        "raft group {}: a record of the journal is damaged, with {} bodies that are still needed; all others are sound. What they belong to"
                                + " is named when it is asked for: purge or delete it, or restore the data directory from a backup",
                        group.name,
                        lost);
            } else {
                LOG.warn(
                        "raft group {}: nothing of a damaged record of the journal is needed any more",
                        group.name);
            }
        }
    }

    List<Long> digests() {
        return machines.digests();
    }

    private record Answer(Pending pending, Outcome outcome) {}

    /// Hands a durable state over to the driver, which tells the engine.
    interface SnapshotTaken {
        void taken(OffsetAndEpoch id, long timeMs);
    }
}
