package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One batch of a group's log: where its bytes are. The bytes of the log's tail are kept in memory until they were applied.
final class BatchRef {

    final long baseOffset;
    final long lastOffset;
    final int epoch;
    final boolean control;
    final long recordEnd;
    final int bytes;
    private volatile @Nullable ByteBuffer cached;

    BatchRef(
            long baseOffset,
            long lastOffset,
            int epoch,
            boolean control,
            long recordEnd,
            int bytes,
            @Nullable ByteBuffer cached) {
        this.baseOffset = baseOffset;
        this.lastOffset = lastOffset;
        this.epoch = epoch;
        this.control = control;
        this.recordEnd = recordEnd;
        this.bytes = bytes;
        this.cached = cached;
    }

    MemoryRecords records(Journal journal) throws IOException {
        ByteBuffer memory = cached;
        if (memory != null) {
            return MemoryRecords.readableRecords(memory.duplicate());
        }
        ByteBuffer read = ByteBuffer.allocate(bytes);
        journal.read(recordEnd, read);
        return MemoryRecords.readableRecords(read.flip());
    }

    void forgetBytes() {
        cached = null;
    }
}
