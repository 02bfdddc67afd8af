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

    /// Bytes of batches that are kept before it is asked what of them is needed.
    private static final long FORGET_BYTES = 4 << 20;

    private final int group;
    private final Journal journal;
    private final BodyCache cache;
    private final ConcurrentSkipListMap<Long, BodySpan> byStart = new ConcurrentSkipListMap<>();

    /// The same by the end of the first record.
    private final TreeMap<Long, BodySpan> byRecordEnd = new TreeMap<>();

    /// What was applied, in order, and is not packed: most of it is still in memory.
    private final ArrayDeque<BodyExtent> fresh = new ArrayDeque<>();

    /// Bytes that were kept since it was asked what is needed.
    private long keptBytes;

    /// What is no longer in memory and will be packed.
    private final List<BodyExtent> packing = new ArrayList<>();

    private final PackedPieces.Builder builder;

    /// Batches of the replay, with addresses that begin anywhere.
    private final ArrayDeque<PackedPieces> replayed = new ArrayDeque<>();

    private final PackedPieces.Builder replaying;
    private long replayedLength;

    /// The offset behind the last batch of the replay.
    private long replayedEnd;

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

    private record Loaded(BodyPiece piece, BodyPiece.Payload payload) {
        boolean covers(long address) {
            return address >= piece.start() && address < piece.end();
        }
    }

    GroupBodies(int group, Journal journal, BodyCache cache) {
        this.group = group;
        this.journal = journal;
        this.cache = cache;
        this.builder = new PackedPieces.Builder(cache.run());
        this.replaying = new PackedPieces.Builder(cache.run());
    }

    /// Takes one record of the journal's replay.
    void replayed(
            RecordType type, long baseOffset, long lastOffset, long recordEnd, ByteBuffer payload) {
        switch (type) {
            case BATCH -> {
                replayedEnd = lastOffset + 1;
                MemoryRecords records = MemoryRecords.readableRecords(payload.duplicate());
                if (!records.batches().iterator().next().isControlBatch()) {
                    int length = BodyExtent.length(records);
                    long start = replayedLength;
                    replayedLength += length;
                    replayed(
                            new BodyExtent(
                                    start,
                                    replayedLength,
                                    recordEnd,
                                    payload.remaining(),
                                    lastOffset,
                                    null));
                }
            }
            case TRUNCATE -> {
                replayedEnd = baseOffset;
                cutReplayed(baseOffset);
            }
            case RESET_TO_SNAPSHOT -> {
                replayedEnd = baseOffset;
                cutReplayed(0);
            }
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
        if (!damagedBatches.isEmpty()) {
            for (BodySpan span : byStart.values()) {
                switch (span) {
                    case PackedPieces run -> run.forEach(piece -> noteDamaged(piece, ranges));
                    case BodyPiece piece -> noteDamaged(piece, ranges);
                }
            }
        }
        // Where an older record has the bytes, nothing is lost.
        damagedBlocks.forEach(
                (start, end) -> {
                    long from = start;
                    while (from < end) {
                        BodySpan span = spanOf(from);
                        if (span != null) {
                            from = span.end();
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

    private void noteDamaged(BodyPiece piece, List<Long> ranges) {
        if (damagedBatches.contains(piece.recordEnd())) {
            ranges.add(piece.start());
            ranges.add(piece.end());
        }
    }

    private void replayed(BodyExtent batch) {
        if (replaying.isFull()) {
            replayed.add(replaying.build());
        }
        replaying.add(batch);
    }

    private void endReplayed() {
        if (!replaying.isEmpty()) {
            replayed.add(replaying.build());
        }
    }

    /// The log ends before `offset` from here on.
    private void cutReplayed(long offset) {
        endReplayed();
        while (!replayed.isEmpty() && replayed.getLast().lastOffset() >= offset) {
            PackedPieces last = replayed.removeLast();
            replayedLength = last.start();
            last.forEach(
                    piece -> {
                        if (piece.lastOffset() < offset) {
                            replayedLength = piece.end();
                            replayed(piece);
                        }
                    });
            // Nothing before it can be cut then.
            if (!replaying.isEmpty()) {
                endReplayed();
            }
        }
    }

    /// The state is that of a snapshot: what comes behind it is applied (again) and added then.
    ///
    /// @param offset the first one that the snapshot does not contain
    /// @param length of the sequence of all entries before `offset`
    void restored(long offset, long length) {
        fresh.clear();
        packing.clear();
        unpack(length, length + 1);
        byStart.tailMap(length, true).clear();
        // A snapshot that another member sent may be durable without the log that ends there: how
        // far what was replayed lies before it is not known then.
        cutReplayed(replayedEnd < offset ? 0 : offset);
        long shift = length - replayedLength;
        for (PackedPieces run : replayed) {
            byStart.put(run.start() + shift, run.at(run.start() + shift));
        }
        replayed.clear();
        restoreBlocks(length);
        byRecordEnd.clear();
        byStart.values().forEach(span -> byRecordEnd.put(span.firstRecordEnd(), span));
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
            unpack(block.start(), block.end());
            byStart.subMap(block.start(), true, block.end(), false).clear();
            byStart.put(block.start(), block);
        }
    }

    private void noteOldest() {
        oldest = byRecordEnd.isEmpty() ? NOWHERE : byRecordEnd.firstEntry().getValue().position();
    }

    /// Apply thread: a batch with bodies was applied.
    void applied(long start, BatchRef ref, MemoryRecords records) {
        BodyExtent extent = BodyExtent.of(start, ref, records);
        byStart.put(start, extent);
        byRecordEnd.put(ref.recordEnd, extent);
        noteOldest();
        cache.keep(extent);
        fresh.add(extent);
        keptBytes += extent.payloadBytes();
        packForgotten();
    }

    private void packForgotten() {
        while (!fresh.isEmpty() && fresh.getFirst().isForgotten()) {
            pack(fresh.removeFirst());
        }
    }

    /// True now and then, when it is worth while to ask the machines what they need and to call [#forgetBefore].
    boolean keepsMuch() {
        return keptBytes >= FORGET_BYTES;
    }

    /// Nobody will read anything below `address`: its bytes go from memory. It still holds the journal until [#dropBefore].
    void forgetBefore(long address) {
        keptBytes = 0;
        for (BodyExtent extent : fresh) {
            if (extent.end() > address) {
                break;
            }
            cache.letGo(extent);
        }
        packForgotten();
    }

    private void pack(BodyExtent extent) {
        packing.add(extent);
        builder.add(extent);
        if (builder.isFull()) {
            PackedPieces run = builder.build();
            // Those that were given up meanwhile stay so, and the few beside them as they are.
            if (packing.size() > 1
                    && packing.stream().allMatch(one -> byStart.get(one.start()) == one)) {
                // The run first: who looks meanwhile finds one of them.
                byStart.put(run.start(), run);
                packing.forEach(one -> byRecordEnd.remove(one.recordEnd()));
                packing.stream().skip(1).forEach(one -> byStart.remove(one.start()));
                byRecordEnd.put(run.firstRecordEnd(), run);
            }
            packing.clear();
        }
    }

    /// Puts the records of runs that reach into the range, or lie in it, in the place of the runs.
    private void unpack(long from, long to) {
        Map.Entry<Long, BodySpan> before = byStart.lowerEntry(from);
        if (before != null && before.getValue().end() > from) {
            unpack(before.getValue());
        }
        List.copyOf(byStart.subMap(from, true, to, false).values()).forEach(this::unpack);
    }

    private void unpack(BodySpan span) {
        if (span instanceof PackedPieces run) {
            List<BodyExtent> pieces = new ArrayList<>();
            run.forEach(pieces::add);
            byRecordEnd.remove(run.firstRecordEnd());
            // The first one last, as it takes the run's place.
            for (BodyExtent piece : pieces.reversed()) {
                byStart.put(piece.start(), piece);
                byRecordEnd.put(piece.recordEnd(), piece);
            }
        }
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
            Map.Entry<Long, BodySpan> first = byStart.firstEntry();
            if (first == null || first.getValue().end() > address) {
                break;
            }
            byStart.remove(first.getKey());
            byRecordEnd.remove(first.getValue().firstRecordEnd());
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
        BodyPiece piece = pieceFrom(0);
        long bytes = 0;
        while (appliedOffset >= decidedAt
                && piece != null
                && piece.end() <= snapshotBytes
                && run.size() < MOST_PIECES) {
            if (!run.isEmpty()
                    && (bytes + piece.payloadBytes() > most
                            || piece.end() - run.getFirst().start() >= BodyRange.MAX_SPAN
                            || !follows(run.getLast(), piece))) {
                break;
            }
            run.add(piece);
            bytes += piece.payloadBytes();
            piece = pieceFrom(piece.recordEnd() + 1);
        }
        return run;
    }

    /// The first record that ends at `recordEnd` or behind.
    private @Nullable BodyPiece pieceFrom(long recordEnd) {
        Map.Entry<Long, BodySpan> next = byRecordEnd.ceilingEntry(recordEnd);
        if (next != null && next.getValue() instanceof PackedPieces run) {
            unpack(run);
            next = byRecordEnd.ceilingEntry(recordEnd);
        }
        return next == null ? null : (BodyPiece) next.getValue();
    }

    private boolean follows(BodyPiece one, BodyPiece other) {
        Map.Entry<Long, BodySpan> next = byStart.higherEntry(one.start());
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
            unpack(block.start(), block.end());
            // The new one first: who looks meanwhile finds one of them.
            BodySpan first = byStart.put(block.start(), block);
            if (first != null) {
                byRecordEnd.remove(first.firstRecordEnd());
            }
            var others = byStart.subMap(block.start(), false, block.end(), false);
            others.values().forEach(other -> byRecordEnd.remove(other.firstRecordEnd()));
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

    private @Nullable BodySpan spanOf(long address) {
        Map.Entry<Long, BodySpan> entry = byStart.floorEntry(address);
        return entry == null || entry.getValue().end() <= address ? null : entry.getValue();
    }

    @Override
    public @Nullable ByteBuffer cached(long address, int bytes) {
        return switch (spanOf(address)) {
            case BodyPiece piece -> piece.cached(address, bytes);
            case PackedPieces run -> null;
            case null -> null;
        };
    }

    @Override
    public ByteBuffer read(long address, int bytes) throws IOException {
        Loaded last = loaded.get();
        if (last != null && last.covers(address)) {
            return last.payload.slice(address, bytes);
        }
        while (true) {
            BodySpan span = spanOf(address);
            BodyPiece piece =
                    switch (span) {
                        case BodyPiece one -> one;
                        case PackedPieces run -> run.pieceOf(address);
                        case null -> null;
                    };
            if (piece == null) {
                throw new IOException(
                        "raft group "
                                + group
                                + " has no bytes at address "
                                + address
                                + ": they were let go");
            }
            try {
                BodyPiece.Payload payload = piece.load(journal);
                loaded.set(new Loaded(piece, payload));
                return payload.slice(address, bytes);
            } catch (IOException e) {
                // It may have been moved meanwhile.
                if (spanOf(address) == span) {
                    throw e;
                }
            }
        }
    }
}
