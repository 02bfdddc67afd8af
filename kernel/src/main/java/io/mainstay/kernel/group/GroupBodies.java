package io.mainstay.kernel.group;

import io.mainstay.common.Check;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.RecordType;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/// [Bodies] of one group: the records with bodies that lie in the journal, whether the group's log still has them or not. Their ranges of addresses do not
/// overlap.
///
/// At a start the journal's batches are noted as they are replayed; their addresses follow from the snapshot, which says how long the sequence
/// was at its end. Blocks of moved bodies say themselves which range they stand for. From then on the apply thread, which alone changes anything, adds what
/// it applies.
final class GroupBodies implements Bodies {

    private static final int MOST_PIECES = 4_096;

    private final int group;
    private final Journal journal;
    private final BodyCache cache;
    private final ConcurrentSkipListMap<Long, BodyPiece> byStart = new ConcurrentSkipListMap<>();
    private final TreeMap<Long, BodyPiece> byRecordEnd = new TreeMap<>();
    private final ArrayDeque<Replayed> replayed = new ArrayDeque<>();
    private final ArrayDeque<BodyBlock> replayedBlocks = new ArrayDeque<>();

    /// Where damaged batches end in the journal.
    private final TreeSet<Long> damagedBatches = new TreeSet<>();

    /// Ranges of addresses whose blocks are damaged.
    private final TreeMap<Long, Long> damagedBlocks = new TreeMap<>();

    /// Where the first record lies, or [#NOWHERE].
    private volatile long oldest = NOWHERE;

    private static final long NOWHERE = Long.MAX_VALUE;

    /// Bytes of all entries in the last snapshot that is durable.
    private long snapshotBytes;

    /// The last offset that any block was decided at: a state before that may still name bodies that are gone.
    private long decidedAt = -1;

    /// The record that this thread has read last: who reads a backlog reads its neighbours next, and several do so at different places.
    private final ThreadLocal<@Nullable Loaded> loaded = new ThreadLocal<>();

    private record Replayed(long lastOffset, BodyExtent extent) {}

    private record Loaded(BodyPiece piece, ByteBuffer payload) {
        boolean covers(long address) {
            return address >= piece.start() && address < piece.end();
        }
    }

    GroupBodies(int group, Journal journal, BodyCache cache) {
        this.group = group;
        this.journal = journal;
        this.cache = cache;
    }

    /// Takes one record of the journal's replay.
    void replayed(
            RecordType type, long baseOffset, long lastOffset, long recordEnd, ByteBuffer payload) {
        switch (type) {
            case BATCH -> {
                // Not the journal's buffer, which is used again.
                ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
                copy.put(payload.duplicate()).flip();
                MemoryRecords records = MemoryRecords.readableRecords(copy);
                if (!records.batches().iterator().next().isControlBatch()) {
                    replayed.add(
                            new Replayed(lastOffset, BodyExtent.of(0, recordEnd, records, false)));
                }
            }
            case TRUNCATE -> {
                while (!replayed.isEmpty() && replayed.getLast().lastOffset >= baseOffset) {
                    replayed.removeLast();
                }
            }
            case RESET_TO_SNAPSHOT -> replayed.clear();
            case BODIES -> {
                BodyBlock block = BodyBlock.replayed(baseOffset, lastOffset, recordEnd, payload);
                replayedBlocks.add(block);
                decidedAt = Math.max(decidedAt, block.decidedAt());
            }
            case START_AT, ELECTION_STATE, SYNC_MARK, CLEAN_STOP, SEGMENT_END -> {}
        }
    }

    /// A batch that was replayed is damaged: its place is known, its bytes are lost.
    void damagedBatch(long recordEnd) {
        damagedBatches.add(recordEnd);
    }

    /// A block of moved bodies is damaged: what is needed of these addresses is lost, if no older record has it.
    void damagedBlock(long start, long end) {
        damagedBlocks.put(start, Math.max(end, damagedBlocks.getOrDefault(start, 0L)));
    }

    /// First and last (exclusive) address in turn of what is damaged and was found so by a replay. Apply thread.
    List<Long> damagedRanges() {
        List<Long> ranges = new ArrayList<>();
        for (long recordEnd : damagedBatches) {
            BodyPiece piece = byRecordEnd.get(recordEnd);
            if (piece != null) {
                ranges.add(piece.start());
                ranges.add(piece.end());
            }
        }
        // Where an older record has the bytes, nothing is lost.
        damagedBlocks.forEach(
                (start, end) -> {
                    long from = start;
                    while (from < end) {
                        BodyPiece piece = pieceOf(from);
                        if (piece != null) {
                            from = piece.end();
                            continue;
                        }
                        Long next = byStart.higherKey(from);
                        long to = next == null ? end : Math.min(end, next);
                        ranges.add(from);
                        ranges.add(to);
                        from = to;
                    }
                });
        return ranges;
    }

    /// The state is that of a snapshot: what comes behind it is applied (again) and added then.
    ///
    /// @param offset the first one that the snapshot does not contain
    /// @param length of the sequence of all entries before `offset`
    void restored(long offset, long length) {
        byStart.tailMap(length, true).clear();
        long end = length;
        while (!replayed.isEmpty()) {
            Replayed last = replayed.removeLast();
            if (last.lastOffset < offset) {
                BodyExtent extent = last.extent.at(end - (last.extent.end() - last.extent.start()));
                byStart.put(extent.start(), extent);
                end = extent.start();
            }
        }
        restoreBlocks(length);
        byRecordEnd.clear();
        byStart.values().forEach(piece -> byRecordEnd.put(piece.recordEnd(), piece));
        noteOldest();
        snapshotBytes = length;
    }

    /// The newest block of a range counts. An older one that reaches beyond it was written for a group that was rebuilt before it was used: it replaced nothing.
    private void restoreBlocks(long length) {
        TreeMap<Long, BodyBlock> newest = new TreeMap<>();
        while (!replayedBlocks.isEmpty()) {
            BodyBlock block = replayedBlocks.removeLast();
            Check.that(
                    block.end() <= length,
                    "bodies of group %d were moved up to address %d, its snapshot ends at %d",
                    group,
                    block.end(),
                    length);
            Map.Entry<Long, BodyBlock> before = newest.lowerEntry(block.end());
            if (before == null || before.getValue().end() <= block.start()) {
                newest.put(block.start(), block);
            }
        }
        for (BodyBlock block : newest.values()) {
            byStart.subMap(block.start(), true, block.end(), false).clear();
            byStart.put(block.start(), block);
        }
    }

    private void noteOldest() {
        oldest = byRecordEnd.isEmpty() ? NOWHERE : byRecordEnd.firstEntry().getValue().position();
    }

    /// Apply thread: a batch with bodies was applied.
    void applied(long start, BatchRef ref, MemoryRecords records) {
        BodyExtent extent = BodyExtent.of(start, ref.recordEnd, records, true);
        byStart.put(start, extent);
        byRecordEnd.put(ref.recordEnd, extent);
        noteOldest();
        cache.keep(extent);
    }

    /// Apply thread: a snapshot is durable, and no older one is used again.
    ///
    /// @param entryBytes bytes of all entries in it
    void snapshotDurable(long entryBytes) {
        snapshotBytes = entryBytes;
    }

    /// Nothing below `address` is needed any more. Apply thread.
    void dropBefore(long address) {
        while (true) {
            Map.Entry<Long, BodyPiece> first = byStart.firstEntry();
            if (first == null || first.getValue().end() > address) {
                break;
            }
            byStart.remove(first.getKey());
            byRecordEnd.remove(first.getValue().recordEnd());
        }
        noteOldest();
    }

    /// The oldest record and those that follow it both in the journal and in the order of addresses, as far as a durable snapshot reaches; empty if it
    /// cannot be said yet what is needed of them. Apply thread.
    ///
    /// @param appliedOffset the last one that was applied
    /// @param most bytes of the records, but for the first
    List<BodyPiece> oldestRun(long appliedOffset, long most) {
        List<BodyPiece> run = new ArrayList<>();
        Map.Entry<Long, BodyPiece> next = byRecordEnd.firstEntry();
        long bytes = 0;
        while (appliedOffset >= decidedAt
                && next != null
                && next.getValue().end() <= snapshotBytes
                && run.size() < MOST_PIECES) {
            BodyPiece piece = next.getValue();
            if (!run.isEmpty()
                    && (bytes + piece.payloadBytes() > most
                            || piece.end() - run.getFirst().start() >= BodyRange.MAX_SPAN
                            || !follows(run.getLast(), piece))) {
                break;
            }
            run.add(piece);
            bytes += piece.payloadBytes();
            next = byRecordEnd.higherEntry(next.getKey());
        }
        return run;
    }

    private boolean follows(BodyPiece one, BodyPiece other) {
        Map.Entry<Long, BodyPiece> next = byStart.higherEntry(one.start());
        return next != null && next.getValue() == other;
    }

    /// Nothing of these records is needed any more. Apply thread.
    void drop(List<BodyPiece> pieces) {
        for (BodyPiece piece : pieces) {
            byStart.remove(piece.start());
            byRecordEnd.remove(piece.recordEnd());
        }
        noteOldest();
    }

    /// What is needed of the ranges of these blocks is in them, durably. Apply thread.
    void moved(List<BodyBlock> blocks) {
        for (BodyBlock block : blocks) {
            // The new one first: who looks meanwhile finds one of them.
            BodyPiece first = byStart.put(block.start(), block);
            if (first != null) {
                byRecordEnd.remove(first.recordEnd());
            }
            var others = byStart.subMap(block.start(), false, block.end(), false);
            others.values().forEach(other -> byRecordEnd.remove(other.recordEnd()));
            others.clear();
            byRecordEnd.put(block.recordEnd(), block);
            decidedAt = Math.max(decidedAt, block.decidedAt());
        }
        noteOldest();
    }

    /// The journal position from which on bodies are needed, or `otherwise` if there are none. Any thread.
    long oldestPosition(long otherwise) {
        long position = oldest;
        return position == NOWHERE ? otherwise : position;
    }

    private @Nullable BodyPiece pieceOf(long address) {
        Map.Entry<Long, BodyPiece> entry = byStart.floorEntry(address);
        return entry == null || entry.getValue().end() <= address ? null : entry.getValue();
    }

    @Override
    public @Nullable ByteBuffer cached(long address, int bytes) {
        BodyPiece piece = pieceOf(address);
        return piece == null ? null : piece.cached(address, bytes);
    }

    @Override
    public ByteBuffer read(long address, int bytes) throws IOException {
        Loaded last = loaded.get();
        if (last != null && last.covers(address)) {
            return last.piece.slice(last.payload, address, bytes);
        }
        while (true) {
            BodyPiece piece = pieceOf(address);
            if (piece == null) {
                throw new IOException(
                        "raft group "
                                + group
                                + " has no bytes at address "
                                + address
                                + ": they were let go");
            }
            try {
                ByteBuffer payload = piece.load(journal);
                loaded.set(new Loaded(piece, payload));
                return piece.slice(payload, address, bytes);
            } catch (IOException e) {
                // It may have been moved meanwhile.
                if (pieceOf(address) == piece) {
                    throw e;
                }
            }
        }
    }
}
