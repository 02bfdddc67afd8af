package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.Journal.JournalFailedException;
import io.mainstay.kernel.journal.Journal.JournalFullException;
import io.mainstay.kernel.journal.RecordType;
import io.mainstay.platform.Platform;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Keeps bodies that are needed long from holding the journal: those in its oldest records are written again at its end, and the records are given up.
///
/// ```
/// IDLE     apply thread: the journal is longer than it should be; what of the oldest records is needed?
/// READING  a thread of its own: these bodies are read into blocks
/// READ     driver: the blocks are appended
/// WRITTEN  driver: they are synced
/// MOVING   apply thread: readers find them there; the driver lets the journal go
/// ```
/// With `S` for [RaftGroupsConfig#bodySpanBytes()] and `L` for the bytes of all bodies that the node's machines need, the journal is *too long* if it reaches
/// back from its end by more than `S + 3 L`. A backlog that is consumed in the order in which it came is never copied, as it is nearly all that the journal holds;
/// and where old bodies are copied again and again because others pass by, each turn of the journal brings more than `2 L` bytes of others for `L` copied ones.
/// A body's address stays what it is, so no state changes and no member needs to do what another does.
///
/// Nothing is given up before what replaces it is durable, and a journal is cut from its end: so after any crash each body is where it was, or at
/// its new place, or at both. What is needed is decided behind a durable snapshot only, and a state that is older than the decision asks for nothing, see [BodyBlock].
final class Relocator {

    private static final Logger LOG = LoggerFactory.getLogger(Relocator.class);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// After a failure nothing is moved for so long.
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(30);

    /// What is read from the disk at once when one body is asked for, unless a single batch was larger.
    private static final int BLOCK_BYTES = 256 << 10;

    /// How much of the journal one move looks at: little where most is needed, much where nearly nothing is.
    private static final long LEAST_RUN_BYTES = 4 << 20;

    private static final long MOST_RUN_BYTES = 64 << 20;

    private enum Stage {
        IDLE,
        READING,
        READ,
        WRITTEN,
        MOVING
    }

    private final long spanBytes;
    private final int blockBytes;
    private final Platform platform;
    private final Journal journal;
    private final Wake driver;

    /// What is under way; its stage says whose it is. Written before the stage.
    private @Nullable Relocation current;

    private long lookAt;
    private long runBytes = LEAST_RUN_BYTES;

    /// Why the last move failed, as far as people were told.
    private @Nullable String told;

    private volatile Stage stage = Stage.IDLE;
    private volatile long moved;

    Relocator(RaftGroupsConfig config, Platform platform, Journal journal, Wake driver) {
        this.spanBytes = config.bodySpanBytes();
        this.platform = platform;
        this.journal = journal;
        this.driver = driver;
        // Small segments take small records.
        this.blockBytes = Math.min(BLOCK_BYTES, journal.stats().segmentBytes() / 4);
        this.lookAt = platform.clock().nanoTime();
    }

    /// Bytes that were written again since the start. Any thread.
    long moved() {
        return moved;
    }

    /// Apply thread: begins a move if the journal is too long; returns whether there is more to do at once.
    boolean begin(List<GroupApply> groups) {
        if (stage != Stage.IDLE || platform.clock().nanoTime() - lookAt < 0) {
            return false;
        }
        GroupApply holder = null;
        long end = journal.end();
        long oldest = end - spanBytes;
        for (GroupApply group : groups) {
            long position = group.oldestBody(end);
            if (position < oldest) {
                oldest = position;
                holder = group;
            }
        }
        if (holder == null || end - oldest <= spanBytes + 3 * needed(groups)) {
            lookAt = platform.clock().nanoTime() + LOOK_NANOS;
            return false;
        }
        GroupApply.Move move = holder.moveOldest(runBytes);
        switch (move) {
            case GroupApply.Move.Later _ -> lookAt = platform.clock().nanoTime() + LOOK_NANOS;
            case GroupApply.Move.Dropped _ -> {
                return true;
            }
            case GroupApply.Move.Copy(Relocation relocation) -> {
                current = relocation;
                stage = Stage.READING;
                platform.threads().start("mainstay-relocate", () -> read(relocation));
            }
        }
        return false;
    }

    private static long needed(List<GroupApply> groups) {
        long needed = 0;
        for (GroupApply group : groups) {
            needed += group.bodyBytes();
        }
        return needed;
    }

    private void read(Relocation relocation) {
        try {
            relocation.read(blockBytes);
            stage = Stage.READ;
            driver.wake();
        } catch (IOException e) {
            rest(relocation, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            relocation.group.fence("moving old bodies", e);
            idle();
        }
    }

    /// Driver thread, before the journal is flushed.
    void drive() {
        // The stage first: in those that are the driver's nobody else changes what is under way.
        Stage now = stage;
        Relocation relocation = current;
        if (relocation == null) {
            return;
        }
        switch (now) {
            case READ -> write(relocation);
            case WRITTEN -> {
                if (journal.synced() >= relocation.writtenUpTo()) {
                    stage = Stage.MOVING;
                    relocation.group.whenApplied(-1, () -> moved(relocation), why -> idle());
                }
            }
            case IDLE, READING, MOVING -> {}
        }
    }

    /// Driver thread: true if a sync of the journal gives it something to do.
    boolean waitsForSync() {
        return stage == Stage.WRITTEN;
    }

    private void write(Relocation relocation) {
        LocalGroup group = relocation.group;
        if (group.fenced() || group.bodies != relocation.bodies) {
            idle();
            return;
        }
        try {
            for (BodyBlock.Builder block : relocation.built()) {
                long end =
                        journal.append(
                                RecordType.BODIES,
                                group.id,
                                block.start(),
                                block.end(),
                                0,
                                relocation.payload(block),
                                relocation.frees());
                relocation.written(block, end);
            }
        } catch (JournalFullException e) {
            if (relocation.written().isEmpty()) {
                rest(relocation, String.valueOf(e.getMessage()));
                return;
            }
            // What was written is good; the rest comes with another move, and is refused then.
        } catch (JournalFailedException e) {
            // The flush that follows tells everybody.
            idle();
            return;
        }
        stage = Stage.WRITTEN;
    }

    /// Apply thread: everything is durable at its new place.
    private void moved(Relocation relocation) {
        if (relocation.group.bodies == relocation.bodies) {
            relocation.bodies.moved(relocation.written());
            relocation.group.bodiesLetGo();
            moved += relocation.taken();
            boolean sparse = relocation.taken() < relocation.given() / 8;
            runBytes = sparse ? Math.min(MOST_RUN_BYTES, 2 * runBytes) : LEAST_RUN_BYTES;
            if (told != null) {
                told = null;
                LOG.info(
                        "raft group {}: old messages are moved out of the journal's oldest segments again",
                        relocation.group.name);
            }
        }
        idle();
    }

    private void idle() {
        current = null;
        stage = Stage.IDLE;
    }

    private void rest(Relocation relocation, String why) {
        if (!relocation.group.stopping && !why.equals(told)) {
            told = why;
            LOG.warn(
                    "raft group {}: old messages cannot be moved out of the journal's oldest segments, which stay until it succeeds; tried again every {} s: {}",
                    relocation.group.name,
                    TimeUnit.NANOSECONDS.toSeconds(REST_NANOS),
                    why);
        }
        lookAt = platform.clock().nanoTime() + REST_NANOS;
        idle();
    }
}
