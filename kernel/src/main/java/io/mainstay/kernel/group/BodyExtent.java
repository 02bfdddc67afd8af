package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The entries of one batch in the sequence of all entries: where each begins there, and where in the batch.
final class BodyExtent implements BodyPiece {

    private final long start;
    private final long end;
    private final long recordEnd;
    private final int batchBytes;

    /// Two numbers for each entry: its first byte, counted from `start`, and its place in the batch.
    private final int[] entries;

    private volatile @Nullable ByteBuffer batch;

    private BodyExtent(
            long start,
            long end,
            long recordEnd,
            int batchBytes,
            int[] entries,
            @Nullable ByteBuffer batch) {
        this.start = start;
        this.end = end;
        this.recordEnd = recordEnd;
        this.batchBytes = batchBytes;
        this.entries = entries;
        this.batch = batch;
    }

    /// @param start address of the first entry
    /// @param keep whether the bytes stay in memory until [#forget]
    static BodyExtent of(long start, long recordEnd, MemoryRecords records, boolean keep) {
        ByteBuffer batch = records.buffer();
        List<int[]> found = new ArrayList<>();
        int length = 0;
        for (RecordBatch one : records.batches()) {
            for (Record record : one) {
                ByteBuffer value = record.value();
                found.add(new int[] {length, placeIn(batch, value)});
                length += value.remaining();
            }
        }
        int[] entries = new int[2 * found.size()];
        for (int i = 0; i < found.size(); i++) {
            entries[2 * i] = found.get(i)[0];
            entries[2 * i + 1] = found.get(i)[1];
        }
        return new BodyExtent(
                start, start + length, recordEnd, batch.remaining(), entries, keep ? batch : null);
    }

    /// The same with another start: at a restart lengths are known before addresses are.
    BodyExtent at(long otherStart) {
        return new BodyExtent(
                otherStart, otherStart + (end - start), recordEnd, batchBytes, entries, batch);
    }

    private static int placeIn(ByteBuffer batch, ByteBuffer value) {
        return value.arrayOffset() + value.position() - batch.arrayOffset() - batch.position();
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long recordEnd() {
        return recordEnd;
    }

    @Override
    public int payloadBytes() {
        return batchBytes;
    }

    void forget() {
        batch = null;
    }

    @Override
    public @Nullable ByteBuffer cached(long address, int bytes) {
        ByteBuffer whole = batch;
        return whole == null ? null : slice(whole, address, bytes);
    }

    @Override
    public ByteBuffer load(Journal journal) throws IOException {
        ByteBuffer whole = batch;
        return whole == null ? BodyPiece.super.load(journal) : whole;
    }

    @Override
    public ByteBuffer slice(ByteBuffer whole, long address, int bytes) {
        int wanted = (int) (address - start);
        int low = 0;
        int high = entries.length / 2 - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (entries[2 * middle] <= wanted) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return whole.slice(entries[2 * low + 1] + wanted - entries[2 * low], bytes);
    }
}
