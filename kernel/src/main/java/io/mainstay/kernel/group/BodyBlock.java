package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A few bodies that are written, checked and read together.
///
/// ```
///  0        4       8
///  +--------+-------+---------------------------------------+--------
///  | crc32c | count | count times: address (8) | bytes (4)  | bodies
///  +--------+-------+---------------------------------------+--------
/// ```
/// Big-endian; in order of address; the checksum is over everything behind it.
record BodyBlock(ByteBuffer bytes) {

    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 12;

    /// What a block of `count` bodies takes that have `bodyBytes` together.
    static int size(int count, int bodyBytes) {
        return HEADER_BYTES + count * ENTRY_BYTES + bodyBytes;
    }

    /// @param addresses in order, each once
    static BodyBlock of(long[] addresses, ByteBuffer[] bodies) {
        int bodyBytes = 0;
        for (ByteBuffer body : bodies) {
            bodyBytes += body.remaining();
        }
        ByteBuffer block = ByteBuffer.allocate(size(bodies.length, bodyBytes));
        block.putInt(0).putInt(bodies.length);
        for (int i = 0; i < bodies.length; i++) {
            block.putLong(addresses[i]).putInt(bodies[i].remaining());
        }
        for (ByteBuffer body : bodies) {
            block.put(body.duplicate());
        }
        block.flip();
        block.putInt(0, checksum(block));
        return new BodyBlock(block);
    }

    /// Whether the bytes are those that were written.
    boolean isWhole() {
        return bytes.remaining() >= HEADER_BYTES && bytes.getInt(0) == checksum(bytes);
    }

    private static int checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(Integer.BYTES, block.limit() - Integer.BYTES));
        return (int) crc.getValue();
    }

    int count() {
        return bytes.getInt(Integer.BYTES);
    }

    long address(int index) {
        return bytes.getLong(HEADER_BYTES + index * ENTRY_BYTES);
    }

    private int length(int index) {
        return bytes.getInt(HEADER_BYTES + index * ENTRY_BYTES + Long.BYTES);
    }

    /// The bytes from `address` on, `null` if there are none.
    @Nullable ByteBuffer find(long address, int wanted) {
        int at = HEADER_BYTES + count() * ENTRY_BYTES;
        for (int i = 0; i < count() && address(i) <= address; i++) {
            if (address(i) == address && length(i) >= wanted) {
                return bytes.slice(at, wanted);
            }
            at += length(i);
        }
        return null;
    }
}
