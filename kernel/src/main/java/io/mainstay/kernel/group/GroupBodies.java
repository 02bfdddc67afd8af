package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.RecordType;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// [Bodies] of one group: the extents of its batches that lie in the journal, whether the group's log still has them or not.
///
/// At a start the journal's batches are noted as they are replayed; their addresses follow from the snapshot, which says how long the sequence
/// was at its end. From then on the apply thread adds what it applies.
final class GroupBodies implements Bodies {

    private final int group;
    private final Journal journal;
    private final BodyCache cache;
    private final ConcurrentSkipListMap<Long, BodyExtent> byStart = new ConcurrentSkipListMap<>();
    private final ArrayDeque<Replayed> replayed = new ArrayDeque<>();

    /// The batch that this thread has read last: who reads a backlog reads its neighbours next, and several do so at different places.
    private final ThreadLocal<@Nullable Loaded> loaded = new ThreadLocal<>();

    private record Replayed(long lastOffset, BodyExtent extent) {}

    private record Loaded(BodyExtent extent, ByteBuffer batch) {}

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
            case START_AT, ELECTION_STATE, SYNC_MARK, CLEAN_STOP, SEGMENT_END -> {}
        }
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
                BodyExtent extent = last.extent.at(end - (last.extent.end - last.extent.start));
                byStart.put(extent.start, extent);
                end = extent.start;
            }
        }
    }

    /// Apply thread: a batch with bodies was applied.
    void applied(long start, BatchRef ref, MemoryRecords records) {
        BodyExtent extent = BodyExtent.of(start, ref.recordEnd, records, true);
        byStart.put(start, extent);
        cache.keep(extent);
    }

    /// Nothing below `address` is needed any more.
    void dropBefore(long address) {
        while (true) {
            Map.Entry<Long, BodyExtent> first = byStart.firstEntry();
            if (first == null || first.getValue().end > address) {
                return;
            }
            byStart.remove(first.getKey());
        }
    }

    /// The journal position from which on bodies are needed, or `otherwise` if there are none.
    long oldestPosition(long otherwise) {
        Map.Entry<Long, BodyExtent> first = byStart.firstEntry();
        return first == null ? otherwise : first.getValue().position();
    }

    @Override
    public @Nullable ByteBuffer cached(long address, int bytes) {
        Map.Entry<Long, BodyExtent> entry = byStart.floorEntry(address);
        return entry == null ? null : entry.getValue().cached(address, bytes);
    }

    @Override
    public ByteBuffer read(long address, int bytes) throws IOException {
        Loaded last = loaded.get();
        if (last != null && address >= last.extent.start && address < last.extent.end) {
            return last.extent.slice(last.batch, address, bytes);
        }
        Map.Entry<Long, BodyExtent> entry = byStart.floorEntry(address);
        if (entry == null || entry.getValue().end < address + bytes) {
            throw new IOException(
                    "raft group "
                            + group
                            + " has no bytes at address "
                            + address
                            + ": they were let go");
        }
        BodyExtent extent = entry.getValue();
        ByteBuffer batch = extent.load(journal);
        loaded.set(new Loaded(extent, batch));
        return extent.slice(batch, address, bytes);
    }
}
