package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.kernel.journal.RecordType;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;

/// [Bodies] of one group: the extents of its batches that lie in the journal, whether the group's log still has them or not, and [BodyFiles] with what
/// was moved out of it.
///
/// At a start the journal's batches are noted as they are replayed; their addresses follow from the snapshot, which says how long the sequence
/// was at its end. From then on the apply thread adds what it applies.
final class GroupBodies implements Bodies {

    private final int group;
    private final Journal journal;
    private final BodyCache cache;
    private final BodyFiles files;
    private final ConcurrentSkipListMap<Long, BodyExtent> byStart = new ConcurrentSkipListMap<>();
    private final ArrayDeque<Replayed> replayed = new ArrayDeque<>();

    /// What was read last: who reads a backlog reads its neighbours next.
    private final AtomicReference<@Nullable Loaded> lastRead = new AtomicReference<>();

    private final AtomicReference<@Nullable Loaded> lastCopied = new AtomicReference<>();

    private record Replayed(long lastOffset, BodyExtent extent) {}

    GroupBodies(int group, Journal journal, BodyCache cache, BodyFiles files) {
        this.group = group;
        this.journal = journal;
        this.cache = cache;
        this.files = files;
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

    /// Nothing below `address` is needed any more from the journal. Any thread.
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

    BodyFiles files() {
        return files;
    }

    private @Nullable BodyExtent extentOf(long address) {
        Map.Entry<Long, BodyExtent> entry = byStart.floorEntry(address);
        return entry == null || entry.getValue().end <= address ? null : entry.getValue();
    }

    @Override
    public @Nullable ByteBuffer cached(long address, int bytes) {
        BodyExtent extent = extentOf(address);
        return extent == null ? null : extent.cached(address, bytes);
    }

    @Override
    public ByteBuffer read(long address, int bytes) throws IOException {
        return read(address, bytes, lastRead);
    }

    /// As [#read], for the relocator: who reads messages keeps what it read last.
    ByteBuffer readForCopy(long address, int bytes) throws IOException {
        return read(address, bytes, lastCopied);
    }

    /// Looks in the files first, then in the journal. What is moved meanwhile is not where it was found a moment ago: then looks again.
    private ByteBuffer read(long address, int bytes, AtomicReference<@Nullable Loaded> last)
            throws IOException {
        Loaded before = last.get();
        ByteBuffer again = before == null ? null : before.find(address, bytes);
        if (again != null) {
            return again;
        }
        while (true) {
            BodyFile file = files.find(address);
            try {
                Loaded found = load(address, file);
                ByteBuffer body = found.find(address, bytes);
                if (body != null) {
                    last.set(found);
                    return body;
                }
                throw new DamagedJournalException(
                        "raft group "
                                + group
                                + " has no bytes at address "
                                + address
                                + ": they were damaged when they were moved, or let go");
            } catch (IOException e) {
                if (files.find(address) == file) {
                    throw e;
                }
            }
        }
    }

    private Loaded load(long address, @Nullable BodyFile file) throws IOException {
        if (file != null) {
            int block = file.blockOf(address);
            return block < 0 ? Loaded.NOTHING : new Loaded(null, null, file.block(block));
        }
        BodyExtent extent = extentOf(address);
        return extent == null ? Loaded.NOTHING : new Loaded(extent, extent.load(journal), null);
    }

    /// A batch of the journal, or a block of a file.
    private record Loaded(
            @Nullable BodyExtent extent, @Nullable ByteBuffer batch, @Nullable BodyBlock block) {

        static final Loaded NOTHING = new Loaded(null, null, null);

        @Nullable ByteBuffer find(long address, int bytes) {
            if (extent != null && batch != null) {
                return address >= extent.start && address + bytes <= extent.end
                        ? extent.slice(batch, address, bytes)
                        : null;
            }
            return block == null ? null : block.find(address, bytes);
        }
    }
}
