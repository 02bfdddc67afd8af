package io.mainstay.kernel.group;

import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.server.common.serialization.RecordSerde;

import java.nio.ByteBuffer;

/// An entry is an encoded proposal; the engine never looks inside.
final class EntrySerde implements RecordSerde<ByteBuffer> {

    static final EntrySerde INSTANCE = new EntrySerde();

    private EntrySerde() {}

    @Override
    public int recordSize(ByteBuffer entry, ObjectSerializationCache cache) {
        return entry.remaining();
    }

    @Override
    public void write(ByteBuffer entry, ObjectSerializationCache cache, Writable out) {
        out.writeByteBuffer(entry.duplicate());
    }

    @Override
    public ByteBuffer read(Readable in, int size) {
        return in.readByteBuffer(size);
    }
}
