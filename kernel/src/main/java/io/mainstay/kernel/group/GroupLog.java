package io.mainstay.kernel.group;

import io.mainstay.common.Check;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.RecordType;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.raft.LogAppendInfo;
import org.apache.kafka.raft.LogFetchInfo;
import org.apache.kafka.raft.LogOffsetMetadata;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotReader;
import org.apache.kafka.snapshot.RawSnapshotWriter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongConsumer;

/// One group's part of the journal, as the engine sees it: batches by offset, the epochs' first offsets, the high watermark.
///
/// The driver thread writes; the apply thread reads batches beside it. Nothing is durable on return: what may be shown before the
/// journal is synced is decided by [LocalGroup], and a flush asked for by the engine is the driver's at the end of its turn.
class GroupLog implements RaftLog {

    /// The engine refuses an empty value.
    private static final byte[] POSITION_ONLY = new byte[1];

    private final int group;
    private final Journal journal;
    private final Snapshots snapshots;
    private final ConcurrentSkipListMap<Long, BatchRef> byLastOffset =
            new ConcurrentSkipListMap<>();
    private final TreeMap<Integer, Long> epochStarts = new TreeMap<>();
    private volatile long startOffset;
    private volatile long endOffset;
    private volatile long highWatermark;
    private int startEpoch;
    private LongConsumer cut = end -> {};

    GroupLog(int group, Journal journal, Snapshots snapshots) {
        this.group = group;
        this.journal = journal;
        this.snapshots = snapshots;
    }

    // --- start -------------------------------------------------------------------------------

    /// Takes one record of the journal's replay.
    void replayed(
            RecordType type,
            long baseOffset,
            long lastOffset,
            int epoch,
            long recordEnd,
            ByteBuffer payload) {
        switch (type) {
            case BATCH -> {
                Check.that(
                        byLastOffset.isEmpty() || baseOffset == endOffset,
                        "group %d: the journal has a batch at %d, the log before it ends at %d",
                        group,
                        baseOffset,
                        endOffset);
                boolean control =
                        MemoryRecords.readableRecords(payload.duplicate())
                                .batches()
                                .iterator()
                                .next()
                                .isControlBatch();
                add(
                        new BatchRef(
                                baseOffset,
                                lastOffset,
                                epoch,
                                control,
                                recordEnd,
                                payload.remaining(),
                                null));
            }
            case TRUNCATE -> cutFrom(baseOffset);
            case START_AT -> startAt(new OffsetAndEpoch(baseOffset, epoch));
            case RESET_TO_SNAPSHOT -> resetTo(new OffsetAndEpoch(baseOffset, epoch));
            case ELECTION_STATE, SYNC_MARK, CLEAN_STOP, SEGMENT_END ->
                    Check.that(false, "a %s is not the log's", type);
        }
    }

    /// @param told of the new end when the log is cut, and of -1 when it begins anew at a snapshot
    void onCut(LongConsumer told) {
        cut = told;
    }

    /// After the replay: what is committed is not known, only that the snapshot is.
    void started() {
        highWatermark = startOffset;
    }

    // --- for the apply thread ------------------------------------------------------------------

    long committedEnd() {
        return highWatermark;
    }

    /// The batch that holds `offset`, or `null`.
    @org.jspecify.annotations.Nullable
    BatchRef batchWith(long offset) {
        Map.Entry<Long, BatchRef> entry = byLastOffset.ceilingEntry(offset);
        return entry == null || entry.getValue().baseOffset > offset ? null : entry.getValue();
    }

    /// The journal position behind the batch that holds `offset`; 0 if it is in a snapshot or nowhere.
    long positionBehind(long offset) {
        BatchRef batch = batchWith(offset);
        return batch == null ? 0 : batch.recordEnd;
    }

    // --- appends -------------------------------------------------------------------------------

    @Override
    public LogAppendInfo appendAsLeader(Records records, int epoch) {
        return append((MemoryRecords) records, epoch, false);
    }

    @Override
    public LogAppendInfo appendAsFollower(Records records, int epoch) {
        return append((MemoryRecords) records, epoch, true);
    }

    private LogAppendInfo append(MemoryRecords records, int epoch, boolean asFollower) {
        long first = endOffset;
        for (MutableRecordBatch batch : records.batches()) {
            if (asFollower) {
                batch.ensureValid();
                if (batch.partitionLeaderEpoch() > epoch) {
                    break;
                }
            }
            Check.that(
                    batch.baseOffset() == endOffset,
                    "group %d: a batch at %d, the log ends at %d",
                    group,
                    batch.baseOffset(),
                    endOffset);
            ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
            batch.writeTo(bytes);
            bytes.flip();
            long recordEnd =
                    journal.append(
                            RecordType.BATCH,
                            group,
                            batch.baseOffset(),
                            batch.lastOffset(),
                            batch.partitionLeaderEpoch(),
                            bytes.duplicate(),
                            true);
            add(
                    new BatchRef(
                            batch.baseOffset(),
                            batch.lastOffset(),
                            batch.partitionLeaderEpoch(),
                            batch.isControlBatch(),
                            recordEnd,
                            bytes.remaining(),
                            bytes));
        }
        Check.that(endOffset > first, "group %d: an append without a batch", group);
        return new LogAppendInfo(first, endOffset - 1);
    }

    private void add(BatchRef batch) {
        if (epochStarts.isEmpty() || epochStarts.lastKey() < batch.epoch) {
            epochStarts.put(batch.epoch, batch.baseOffset);
        }
        byLastOffset.put(batch.lastOffset, batch);
        endOffset = batch.lastOffset + 1;
    }

    @Override
    public void initializeLeaderEpoch(int epoch) {
        if (epochStarts.isEmpty() || epochStarts.lastKey() < epoch) {
            epochStarts.put(epoch, endOffset);
        }
    }

    // --- reads ---------------------------------------------------------------------------------

    /// The engine's two readers of everything are told positions only: the reader of control records gets the next control batch or a
    /// made-up batch at the end, the listener (ours, which reads the log itself) a made-up batch at the high watermark. So neither a start
    /// nor an append decodes the log a second time.
    @Override
    public LogFetchInfo read(long start, Isolation isolation, int maxBytes) {
        long end = isolation == Isolation.COMMITTED ? highWatermark : endOffset;
        if (start >= end) {
            return fetched(MemoryRecords.EMPTY, start);
        }
        if (maxBytes < Integer.MAX_VALUE) {
            return fetched(bytesFrom(start, end, maxBytes), start);
        }
        if (isolation == Isolation.UNCOMMITTED) {
            for (BatchRef batch : byLastOffset.tailMap(start, true).values()) {
                if (batch.control) {
                    return fetched(read(batch), start);
                }
            }
        }
        return fetched(
                MemoryRecords.withRecords(
                        end - 1,
                        Compression.NONE,
                        lastFetchedEpoch(),
                        new SimpleRecord(POSITION_ONLY)),
                start);
    }

    private MemoryRecords bytesFrom(long start, long end, int maxBytes) {
        int total = 0;
        var batches = new java.util.ArrayList<BatchRef>();
        for (BatchRef batch : byLastOffset.tailMap(start, true).values()) {
            if (batch.lastOffset >= end || total > 0 && total + batch.bytes > maxBytes) {
                break;
            }
            batches.add(batch);
            total += batch.bytes;
        }
        ByteBuffer joined = ByteBuffer.allocate(total);
        batches.forEach(batch -> joined.put(read(batch).buffer()));
        return MemoryRecords.readableRecords(joined.flip());
    }

    private MemoryRecords read(BatchRef batch) {
        try {
            return batch.records(journal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LogFetchInfo fetched(Records records, long start) {
        return new LogFetchInfo(records, new LogOffsetMetadata(start));
    }

    // --- offsets and epochs --------------------------------------------------------------------

    @Override
    public int lastFetchedEpoch() {
        return epochStarts.isEmpty() ? startEpoch : Math.max(startEpoch, epochStarts.lastKey());
    }

    @Override
    public OffsetAndEpoch endOffsetForEpoch(int epoch) {
        Optional<OffsetAndEpoch> earliest = earliestSnapshotId();
        if (earliest.isPresent()
                && earliest.get().epoch() == epoch
                && (epochStarts.isEmpty() || epochStarts.firstKey() > epoch)) {
            return earliest.get();
        }
        if (epochStarts.isEmpty() || epoch >= epochStarts.lastKey()) {
            return new OffsetAndEpoch(endOffset, lastFetchedEpoch());
        }
        Map.Entry<Integer, Long> next = epochStarts.higherEntry(epoch);
        Integer floor = epochStarts.floorKey(epoch);
        return new OffsetAndEpoch(next.getValue(), floor == null ? startEpoch : floor);
    }

    @Override
    public LogOffsetMetadata endOffset() {
        return new LogOffsetMetadata(endOffset);
    }

    @Override
    public LogOffsetMetadata highWatermark() {
        return new LogOffsetMetadata(highWatermark);
    }

    @Override
    public long startOffset() {
        return startOffset;
    }

    @Override
    public void updateHighWatermark(LogOffsetMetadata offset) {
        highWatermark = Math.max(highWatermark, offset.offset());
    }

    // --- cuts ----------------------------------------------------------------------------------

    @Override
    public void truncateTo(long offset) {
        Check.that(
                offset >= highWatermark,
                "group %d: truncation to %d below the high watermark %d",
                group,
                offset,
                highWatermark);
        cutFrom(offset);
        cut.accept(endOffset);
        journal.append(RecordType.TRUNCATE, group, offset, offset, 0, ByteBuffer.allocate(0), true);
    }

    private void cutFrom(long offset) {
        byLastOffset.tailMap(offset, true).clear();
        // Epochs are cut even when the log ends before: KAFKA-10706.
        epochStarts.values().removeIf(start -> start >= offset);
        endOffset = Math.min(endOffset, offset);
    }

    @Override
    public boolean truncateToLatestSnapshot() {
        Optional<OffsetAndEpoch> latest = latestSnapshotId();
        if (latest.isEmpty()) {
            return false;
        }
        OffsetAndEpoch id = latest.get();
        int epoch = lastFetchedEpoch();
        if (id.epoch() > epoch || id.epoch() == epoch && id.offset() > endOffset) {
            resetTo(id);
            cut.accept(-1);
            journal.append(
                    RecordType.RESET_TO_SNAPSHOT,
                    group,
                    id.offset(),
                    id.offset(),
                    id.epoch(),
                    ByteBuffer.allocate(0),
                    true);
            return true;
        }
        return false;
    }

    private void resetTo(OffsetAndEpoch id) {
        byLastOffset.clear();
        epochStarts.clear();
        startOffset = id.offset();
        endOffset = id.offset();
        highWatermark = id.offset();
        startEpoch = id.epoch();
    }

    @Override
    public boolean deleteBeforeSnapshot(OffsetAndEpoch id) {
        if (id.offset() <= startOffset || id.offset() > highWatermark) {
            return false;
        }
        startAt(id);
        writeStart();
        return true;
    }

    /// Puts where the log starts at the end of the journal; with an empty log it needs nothing before that any more.
    void writeStart() {
        journal.append(
                RecordType.START_AT,
                group,
                startOffset,
                startOffset,
                startEpoch,
                ByteBuffer.allocate(0),
                true);
    }

    boolean isEmpty() {
        return byLastOffset.isEmpty();
    }

    private void startAt(OffsetAndEpoch id) {
        byLastOffset.headMap(id.offset(), false).clear();
        Map.Entry<Integer, Long> last = null;
        for (var entry : Map.copyOf(epochStarts).entrySet()) {
            if (entry.getValue() <= id.offset()) {
                last = last == null || last.getKey() < entry.getKey() ? entry : last;
                epochStarts.remove(entry.getKey());
            }
        }
        if (last != null) {
            epochStarts.put(last.getKey(), id.offset());
        }
        startOffset = id.offset();
        startEpoch = id.epoch();
        endOffset = Math.max(endOffset, id.offset());
        highWatermark = Math.max(highWatermark, id.offset());
    }

    /// The journal position that this log still needs, or `otherwise` if it is empty.
    long oldestPosition(long otherwise) {
        Map.Entry<Long, BatchRef> first = byLastOffset.firstEntry();
        return first == null
                ? otherwise
                : first.getValue().recordEnd - first.getValue().bytes - RECORD_OVERHEAD_BYTES;
    }

    /// Generous bound of what a journal record has beside its payload: releasing less than possible is always safe.
    static final int RECORD_OVERHEAD_BYTES = 128;

    // --- snapshots -----------------------------------------------------------------------------

    @Override
    public Optional<RawSnapshotWriter> createNewSnapshot(OffsetAndEpoch id) {
        if (id.offset() > highWatermark || id.offset() < startOffset || snapshots.has(id)) {
            return Optional.empty();
        }
        return Optional.of(snapshots.writer(id));
    }

    @Override
    public Optional<RawSnapshotWriter> createNewSnapshotUnchecked(OffsetAndEpoch id) {
        return snapshots.has(id) ? Optional.empty() : Optional.of(snapshots.writer(id));
    }

    @Override
    public Optional<RawSnapshotReader> readSnapshot(OffsetAndEpoch id) {
        return snapshots.reader(id);
    }

    @Override
    public Optional<RawSnapshotReader> latestSnapshot() {
        return latestSnapshotId().flatMap(snapshots::reader);
    }

    @Override
    public Optional<OffsetAndEpoch> latestSnapshotId() {
        return snapshots.latest();
    }

    @Override
    public Optional<OffsetAndEpoch> earliestSnapshotId() {
        return snapshots.earliestFrom(startOffset);
    }

    @Override
    public void onSnapshotFrozen(OffsetAndEpoch id) {
        // Snapshots notes it when it freezes.
    }

    // --- the rest ------------------------------------------------------------------------------

    @Override
    public void flush(boolean forceFlushActiveSegment) {
        // Group commit: the driver flushes once for all groups at the end of its turn.
    }

    @Override
    public boolean maybeClean() {
        return false;
    }

    @Override
    public TopicPartition topicPartition() {
        // The engine's vote answers carry no partition, so every group is partition 0 of a topic of
        // its own.
        return new TopicPartition("group-" + group, 0);
    }

    @Override
    public Uuid topicId() {
        return new Uuid(0x6d61696e73746179L, group + 1L);
    }
}
