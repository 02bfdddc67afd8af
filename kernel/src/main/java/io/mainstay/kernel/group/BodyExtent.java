package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The entries of one batch in the sequence of all entries.
final class BodyExtent implements BodyPiece {

    private final long start;
    private final long end;
    private final long recordEnd;
    private final int batchBytes;
    private final long lastOffset;
    private volatile @Nullable Batch batch;

    /// @param lastOffset of the batch
    /// @param batch what stays in memory until [#forget]
    BodyExtent(
            long start,
            long end,
            long recordEnd,
            int batchBytes,
            long lastOffset,
            @Nullable Batch batch) {
        this.start = start;
        this.end = end;
        this.recordEnd = recordEnd;
        this.batchBytes = batchBytes;
        this.lastOffset = lastOffset;
        this.batch = batch;
    }

    /// A batch that stays in memory for now.
    ///
    /// @param start address of the first entry
    static BodyExtent of(long start, BatchRef ref, MemoryRecords records) {
        Batch batch = Batch.of(start, records);
        return new BodyExtent(
                start,
                start + batch.length,
                ref.recordEnd,
                records.buffer().remaining(),
                ref.lastOffset,
                batch);
    }

    /// Bytes of all entries of a batch.
    static int length(MemoryRecords records) {
        int length = 0;
        for (RecordBatch one : records.batches()) {
            for (Record record : one) {
                length += record.valueSize();
            }
        }
        return length;
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

    long lastOffset() {
        return lastOffset;
    }

    void forget() {
        batch = null;
    }

    boolean isForgotten() {
        return batch == null;
    }

    @Override
    public @Nullable ByteBuffer cached(long address, int bytes) {
        Batch here = batch;
        return here == null ? null : here.slice(address, bytes);
    }

    @Override
    public Payload load(Journal journal) throws IOException {
        Batch here = batch;
        return here == null
                ? Batch.of(start, MemoryRecords.readableRecords(BodyPiece.read(this, journal)))
                : here;
    }

    /// The bytes of a batch, and where its entries are.
    ///
    /// @param start address of the first entry
    /// @param length bytes of all entries
    /// @param entries two numbers for each entry: its first byte, counted from `start`, and its place in the batch
    record Batch(long start, int length, ByteBuffer bytes, int[] entries) implements Payload {

        static Batch of(long start, MemoryRecords records) {
            ByteBuffer batch = records.buffer();
            int[] entries = new int[2];
            int size = 0;
            int length = 0;
            for (RecordBatch one : records.batches()) {
                for (Record record : one) {
                    ByteBuffer value = record.value();
                    if (size == entries.length) {
                        entries = Arrays.copyOf(entries, 2 * size);
                    }
                    entries[size++] = length;
                    entries[size++] = placeIn(batch, value);
                    length += value.remaining();
                }
            }
            return new Batch(
                    start,
                    length,
                    batch,
                    size == entries.length ? entries : Arrays.copyOf(entries, size));
        }

        private static int placeIn(ByteBuffer batch, ByteBuffer value) {
            return value.arrayOffset() + value.position() - batch.arrayOffset() - batch.position();
        }

        @Override
        public ByteBuffer slice(long address, int count) {
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
            return bytes.slice(entries[2 * low + 1] + wanted - entries[2 * low], count);
        }
    }
}
