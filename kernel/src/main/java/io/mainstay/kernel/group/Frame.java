package io.mainstay.kernel.group;

import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

import java.nio.ByteBuffer;

/// One message between two nodes' members of a group.
///
/// ```
///  0       4      5     7         9               13            21
///  +-------+------+-----+---------+---------------+-------------+------+
///  | group | kind | api | version | correlation id| incarnation | body |
///  +-------+------+-----+---------+---------------+-------------+------+
/// ```
/// `incarnation` is the asker's, drawn at its start and sent back in the answer: an answer to an earlier life is not taken for one to this
/// life, whose correlation ids begin again.
///
/// @param kind one of the constants below
/// @param api what the engine asks or answers; 0 or 1 (no, yes) in a [#READ_ANSWER]
record Frame(
        int group,
        byte kind,
        short api,
        short version,
        int correlationId,
        long incarnation,
        ByteBuffer body) {

    /// The engine asks.
    static final byte REQUEST = 1;

    /// The engine answers.
    static final byte ANSWER = 2;

    /// A leader asks a voter whether it still leads; the body is its term.
    static final byte READ_QUESTION = 3;

    static final byte READ_ANSWER = 4;

    private static final int HEADER_BYTES = 21;

    /// @throws java.nio.BufferUnderflowException if the frame is shorter than a header
    static Frame decode(ByteBuffer frame) {
        return new Frame(
                frame.getInt(),
                frame.get(),
                frame.getShort(),
                frame.getShort(),
                frame.getInt(),
                frame.getLong(),
                frame.slice());
    }

    static ByteBuffer encode(
            int group,
            byte kind,
            short version,
            int correlationId,
            long incarnation,
            ApiMessage message) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + message.size(cache, version));
        header(frame, group, kind, message.apiKey(), version, correlationId, incarnation);
        message.write(new ByteBufferAccessor(frame), cache, version);
        return frame.flip();
    }

    static ByteBuffer readQuestion(int group, int round, long incarnation, int term) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + Integer.BYTES);
        header(frame, group, READ_QUESTION, (short) 0, (short) 0, round, incarnation);
        return frame.putInt(term).flip();
    }

    /// The answer to this question.
    ByteBuffer readAnswer(boolean yes) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES);
        header(
                frame,
                group,
                READ_ANSWER,
                (short) (yes ? 1 : 0),
                (short) 0,
                correlationId,
                incarnation);
        return frame.flip();
    }

    private static void header(
            ByteBuffer frame,
            int group,
            byte kind,
            short api,
            short version,
            int correlationId,
            long incarnation) {
        frame.putInt(group)
                .put(kind)
                .putShort(api)
                .putShort(version)
                .putInt(correlationId)
                .putLong(incarnation);
    }
}
