package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One record of the journal with bodies of a range of addresses: a batch of the log, or what was moved out of older records. Any thread.
sealed interface BodyPiece extends BodySpan permits BodyExtent, BodyBlock {

    /// Where the record ends in the journal.
    long recordEnd();

    int payloadBytes();

    @Override
    default long firstRecordEnd() {
        return recordEnd();
    }

    @Override
    default long position() {
        return recordEnd() - payloadBytes() - GroupLog.RECORD_OVERHEAD_BYTES;
    }

    /// The bytes if they are in memory.
    @Nullable ByteBuffer cached(long address, int bytes);

    /// The record's payload, from memory or from the journal, which checks it.
    Payload load(Journal journal) throws IOException;

    static ByteBuffer read(BodyPiece piece, Journal journal) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(piece.payloadBytes());
        journal.read(piece.recordEnd(), whole);
        return whole.flip();
    }

    /// Bodies in memory.
    interface Payload {
        /// @throws IOException if it does not hold them
        ByteBuffer slice(long address, int bytes) throws IOException;
    }
}
