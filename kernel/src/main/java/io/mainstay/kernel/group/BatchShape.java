package io.mainstay.kernel.group;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Whether a batch whose bytes are damaged still says how its entries lie in it.
final class BatchShape {

    private BatchShape() {}

    /// True if all that is not an entry's content is as the journal's own record of the batch says, and the entries fill the batch: lengths that were
    /// hit do not add up.
    static boolean isKept(ByteBuffer batch, long baseOffset, long lastOffset, int epoch) {
        try {
            Iterator<MutableRecordBatch> batches =
                    MemoryRecords.readableRecords(batch.duplicate()).batches().iterator();
            MutableRecordBatch one = batches.next();
            if (batches.hasNext()
                    || one.sizeInBytes() != batch.remaining()
                    || one.magic() != RecordBatch.CURRENT_MAGIC_VALUE
                    || one.isCompressed()
                    || one.isControlBatch()
                    || one.baseOffset() != baseOffset
                    || one.lastOffset() != lastOffset
                    || one.partitionLeaderEpoch() != epoch) {
                return false;
            }
            int bytes = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
            long next = baseOffset;
            for (Record record : one) {
                if (record.offset() != next++
                        || record.hasKey()
                        || !record.hasValue()
                        || record.headers().length > 0) {
                    return false;
                }
                bytes += record.sizeInBytes();
            }
            return next == lastOffset + 1 && bytes == batch.remaining();
        } catch (KafkaException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NoSuchElementException
                | BufferUnderflowException e) {
            return false;
        }
    }
}
