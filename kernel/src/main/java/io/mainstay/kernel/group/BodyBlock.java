package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What was still needed of a range of addresses when older records were given up for it: a record of type
/// [io.mainstay.kernel.journal.RecordType#BODIES], whose header has the range.
///
/// ```
/// decidedAt (8) | count (4) | for each body: address (8), place behind this table (4) | bodies
/// ```
/// Big-endian, in order of address.
///
/// @param decidedAt the last offset that was applied when it was decided what is needed: a state behind that asks for nothing else
record BodyBlock(long start, long end, long recordEnd, int payloadBytes, long decidedAt)
        implements BodyPiece {

    private static final int HEADER_BYTES = 12;
    private static final int ENTRY_BYTES = 12;

    static BodyBlock replayed(long start, long end, long recordEnd, ByteBuffer payload) {
        return new BodyBlock(
                start, end, recordEnd, payload.remaining(), payload.getLong(payload.position()));
    }

    @Override
    public @Nullable ByteBuffer cached(long address, int bytes) {
        return null;
    }

    @Override
    public Payload load(Journal journal) throws IOException {
        ByteBuffer whole = BodyPiece.read(this, journal);
        return (address, bytes) -> slice(whole, address, bytes);
    }

    private static ByteBuffer slice(ByteBuffer whole, long address, int bytes) throws IOException {
        int count = whole.getInt(Long.BYTES);
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (addressOf(whole, middle) <= address) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        int bodies = HEADER_BYTES + count * ENTRY_BYTES;
        int first = placeOf(whole, low);
        int behind = low + 1 < count ? placeOf(whole, low + 1) : whole.limit() - bodies;
        long from = first + address - addressOf(whole, low);
        if (from < first || from + bytes > behind) {
            throw new IOException(
                    "no bytes at address " + address + ": they were let go when others were moved");
        }
        return whole.slice(bodies + (int) from, bytes);
    }

    private static long addressOf(ByteBuffer whole, int index) {
        return whole.getLong(HEADER_BYTES + index * ENTRY_BYTES);
    }

    private static int placeOf(ByteBuffer whole, int index) {
        return whole.getInt(HEADER_BYTES + index * ENTRY_BYTES + Long.BYTES);
    }

    /// Gathers the bodies of a block. One thread.
    static final class Builder {
        private final long start;
        private long end;
        private long[] addresses = new long[16];
        private int[] places = new int[16];
        private int count;
        private byte[] bodies = new byte[1024];
        private int length;

        Builder(long start) {
            this.start = start;
            this.end = start;
        }

        void add(long address, ByteBuffer body) {
            if (count == addresses.length) {
                addresses = Arrays.copyOf(addresses, 2 * count);
                places = Arrays.copyOf(places, 2 * count);
            }
            addresses[count] = address;
            places[count++] = length;
            int bytes = body.remaining();
            if (length + bytes > bodies.length) {
                bodies = Arrays.copyOf(bodies, Math.max(length + bytes, 2 * bodies.length));
            }
            body.duplicate().get(bodies, length, bytes);
            length += bytes;
        }

        /// Everything below `address` that is needed was added.
        void upTo(long address) {
            end = address;
        }

        long start() {
            return start;
        }

        long end() {
            return end;
        }

        boolean isEmpty() {
            return count == 0;
        }

        int bytes() {
            return HEADER_BYTES + count * ENTRY_BYTES + length;
        }

        ByteBuffer payload(long decidedAt) {
            ByteBuffer payload = ByteBuffer.allocate(bytes());
            payload.putLong(decidedAt).putInt(count);
            for (int i = 0; i < count; i++) {
                payload.putLong(addresses[i]).putInt(places[i]);
            }
            return payload.put(bodies, 0, length).flip();
        }
    }
}
