package io.mainstay.registry.command;

import io.mainstay.common.Check;
import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;

/// Reads what [FieldWriter] wrote. A length is believed only as far as there are bytes; bytes that cannot be read are a broken
/// assumption, because we wrote them.
public final class FieldReader {
    private final ByteBuffer buffer;
    private final TextPool texts;

    public FieldReader(ByteBuffer buffer, TextPool texts) {
        this.buffer = buffer;
        this.texts = texts;
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
        Check.that(false, "a number is longer than ten bytes");
        return value;
    }

    public int count(int atLeastBytesEach) {
        long count = number();
        Check.that(
                count >= 0 && count <= buffer.remaining() / atLeastBytesEach,
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
        byte[] bytes = new byte[count(1)];
        buffer.get(bytes);
        return texts.shared(new String(bytes, StandardCharsets.UTF_8));
    }

    public SortedMap<String, String> map() {
        int count = count(2);
        if (count == 0) {
            return Collections.emptySortedMap();
        }
        String[] entries = new String[2 * count];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = text();
        }
        return CompactMap.of(entries);
    }

    public @Nullable InstanceStatus statusOrNull() {
        long number = number();
        return number == 0 ? null : StatusNumbers.statusOf(number);
    }

    public InstanceStatus status() {
        return StatusNumbers.statusOf(number());
    }

    public Endpoint endpoint() {
        int number = (int) number();
        return new Endpoint(number, flag());
    }

    public Lease lease() {
        int intervalMs = (int) number();
        return new Lease(intervalMs, (int) number());
    }

    public InstanceKey key() {
        String namespace = text();
        String service = text();
        return new InstanceKey(namespace, service, text());
    }
}
