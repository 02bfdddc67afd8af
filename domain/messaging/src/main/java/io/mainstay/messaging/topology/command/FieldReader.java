package io.mainstay.messaging.topology.command;

import io.mainstay.common.Check;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;
import io.mainstay.messaging.message.FieldTableException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads what [FieldWriter] wrote. A length is believed only as far as there are bytes; bytes that cannot be read are a broken
/// assumption, because we wrote them.
public final class FieldReader {
    private final ByteBuffer buffer;

    public FieldReader(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    public boolean hasMore() {
        return buffer.hasRemaining();
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            Check.that(buffer.hasRemaining(), "a number ends early");
            byte next = buffer.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new Check.BrokenAssumption("a number is longer than ten bytes");
    }

    /// A count of things of at least one byte.
    public int count() {
        long count = number();
        Check.that(
                count >= 0 && count <= buffer.remaining(),
                "a count of %d with %d bytes left",
                count,
                buffer.remaining());
        return (int) count;
    }

    public boolean flag() {
        Check.that(buffer.hasRemaining(), "a flag is missing");
        byte value = buffer.get();
        Check.that(value == 0 || value == 1, "a flag of %d", value);
        return value == 1;
    }

    public String text() {
        byte[] bytes = new byte[count()];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public FieldTable table() {
        try {
            FieldTable table = FieldTableCodec.decode(buffer);
            return table.isEmpty() ? FieldTable.EMPTY : table;
        } catch (FieldTableException e) {
            throw new Check.BrokenAssumption("a field table: " + e.getMessage());
        }
    }
}
