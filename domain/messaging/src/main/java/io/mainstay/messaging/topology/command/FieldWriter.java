package io.mainstay.messaging.topology.command;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes the fields of commands and snapshots: numbers as LEB128 (1 to 10 bytes), text as length and UTF-8, flags as one byte, field tables as AMQP
/// writes them.
public final class FieldWriter {
    private ByteBuffer buffer;

    public FieldWriter(int expectedBytes) {
        buffer = ByteBuffer.allocate(expectedBytes);
    }

    public FieldWriter number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
        return this;
    }

    public FieldWriter flag(boolean value) {
        room(1);
        buffer.put((byte) (value ? 1 : 0));
        return this;
    }

    public FieldWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        return put(bytes);
    }

    public FieldWriter table(FieldTable table) {
        return put(FieldTableCodec.encode(table));
    }

    public int bytes() {
        return buffer.position();
    }

    /// What was written, and starts anew.
    public ByteBuffer take() {
        ByteBuffer written = buffer.flip();
        buffer = ByteBuffer.allocate(written.capacity());
        return written;
    }

    private FieldWriter put(byte[] bytes) {
        room(bytes.length);
        buffer.put(bytes);
        return this;
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
        }
    }
}
