package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One record of the journal with bodies of a range of addresses: a batch of the log, or what was moved out of older records. Any thread.
sealed interface BodyPiece permits BodyExtent, BodyBlock {

    /// The first address of the range.
    long start();

    /// The address behind the range.
    long end();

    /// Where the record ends in the journal.
    long recordEnd();

    int payloadBytes();

    /// The journal needs nothing of it before this position.
    default long position() {
        return recordEnd() - payloadBytes() - GroupLog.RECORD_OVERHEAD_BYTES;
    }

    /// The bytes if they are in memory.
    @Nullable ByteBuffer cached(long address, int bytes);

    /// Reads the record's payload from the journal, which checks it.
    default ByteBuffer load(Journal journal) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(payloadBytes());
        journal.read(recordEnd(), whole);
        return whole.flip();
    }

    /// @param whole what [#load] gave
    /// @throws IOException if it does not hold them
    ByteBuffer slice(ByteBuffer whole, long address, int bytes) throws IOException;
}
