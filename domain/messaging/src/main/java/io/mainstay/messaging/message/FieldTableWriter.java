package io.mainstay.messaging.message;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A [FieldTable] to bytes.
final class FieldTableWriter {

    private ByteBuffer target = ByteBuffer.allocate(256);

    private FieldTableWriter() {}

    static byte[] encode(FieldTable table) {
        FieldTableWriter writer = new FieldTableWriter();
        writer.table(table, 1);
        return Arrays.copyOf(writer.target.array(), writer.target.position());
    }

    private void table(FieldTable table, int level) {
        int start = open(level);
        for (Map.Entry<String, Object> entry : table.values().entrySet()) {
            byte[] name = FieldTableCodec.shortString(entry.getKey());
            octet(name.length);
            bytes(name);
            value(entry.getValue(), level);
        }
        close(start);
    }

    private void array(List<?> values, int level) {
        int start = open(level);
        for (Object value : values) {
            value(value, level);
        }
        close(start);
    }

    private void value(Object value, int level) {
        switch (value) {
            case Boolean it -> type('t').octet(it ? 1 : 0);
            case Byte it -> type('b').octet(it);
            case FieldValue.UnsignedByte(int it) -> type('B').octet(it);
            case Short it -> type('s').int16(it);
            case FieldValue.UnsignedShort(int it) -> type('u').int16(it);
            case Integer it -> type('I').int32(it);
            case FieldValue.UnsignedInt(long it) -> type('i').int32((int) it);
            case Long it -> type('l').int64(it);
            case Float it -> type('f').int32(Float.floatToRawIntBits(it));
            case Double it -> type('d').int64(Double.doubleToRawLongBits(it));
            case BigDecimal it -> decimal(it);
            case String it -> type('S').longString(it.getBytes(StandardCharsets.UTF_8));
            case FieldValue.Bytes(byte[] it) -> type('x').longString(it);
            case FieldValue.Timestamp(long it) -> type('T').int64(it);
            case FieldTable it -> type('F').table(it, level + 1);
            case List<?> it -> type('A').array(it, level + 1);
            case FieldValue.Void _ -> type('V');
            default ->
                    throw new IllegalArgumentException(
                            "a field table cannot hold a " + value.getClass().getName());
        }
    }

    private void decimal(BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        if (value.scale() < 0 || value.scale() > 255 || unscaled.bitLength() > 31) {
            throw new IllegalArgumentException(
                    "a decimal of a field table has 32 bits and a scale of 0 to 255, this has scale "
                            + value.scale());
        }
        type('D').octet(value.scale());
        int32(unscaled.intValue());
    }

    private int open(int level) {
        if (level > FieldTableCodec.MAX_NESTING) {
            throw new IllegalArgumentException(
                    "tables and arrays are nested deeper than "
                            + FieldTableCodec.MAX_NESTING
                            + " levels");
        }
        int32(0);
        return target.position();
    }

    private void close(int start) {
        target.putInt(start - Integer.BYTES, target.position() - start);
    }

    private FieldTableWriter type(char type) {
        octet(type);
        return this;
    }

    private void octet(int value) {
        room(1).put((byte) value);
    }

    private void int16(int value) {
        room(2).putShort((short) value);
    }

    private void int32(int value) {
        room(4).putInt(value);
    }

    private void int64(long value) {
        room(8).putLong(value);
    }

    private void longString(byte[] value) {
        int32(value.length);
        bytes(value);
    }

    private void bytes(byte[] value) {
        room(value.length).put(value);
    }

    private ByteBuffer room(int bytes) {
        if (target.remaining() < bytes) {
            int capacity = Math.max(target.capacity() * 2, target.position() + bytes);
            target = ByteBuffer.allocate(capacity).put(target.flip());
        }
        return target;
    }
}
