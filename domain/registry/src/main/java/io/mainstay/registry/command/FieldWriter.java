package io.mainstay.registry.command;

import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/// Writes the fields of commands and snapshots: integers as LEB128 (unsigned, 1 to 10 bytes), text as length and UTF-8, maps
/// as count and pairs in key order, an absent status as 0.
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
        room(bytes.length);
        buffer.put(bytes);
        return this;
    }

    public FieldWriter map(SortedMap<String, String> entries) {
        number(entries.size());
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            text(entry.getKey());
            text(entry.getValue());
        }
        return this;
    }

    public FieldWriter status(@Nullable InstanceStatus status) {
        return number(status == null ? 0 : StatusNumbers.numberOf(status));
    }

    public FieldWriter endpoint(Endpoint endpoint) {
        return number(endpoint.number()).flag(endpoint.enabled());
    }

    public FieldWriter lease(Lease lease) {
        return number(lease.intervalMs()).number(lease.durationMs());
    }

    public FieldWriter key(InstanceKey key) {
        return text(key.namespace()).text(key.service()).text(key.instanceId());
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

    /// What was written; the writer is done.
    public ByteBuffer finish() {
        return buffer.flip();
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
        }
    }
}
