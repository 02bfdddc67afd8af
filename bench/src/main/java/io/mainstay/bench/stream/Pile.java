package io.mainstay.bench.stream;

import java.nio.ByteBuffer;

/// Bytes that came and were not taken yet. Holds nothing while it is empty: ten thousand lines have one each.
final class Pile {

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int from;
    private int to;

    void add(ByteBuffer more) {
        int length = more.remaining();
        if (to + length > bytes.length) {
            byte[] larger = new byte[Math.max(to - from + length, 2 * (to - from))];
            System.arraycopy(bytes, from, larger, 0, to - from);
            to -= from;
            from = 0;
            bytes = larger;
        }
        more.get(bytes, to, length);
        to += length;
    }

    int size() {
        return to - from;
    }

    int byteAt(int at) {
        return bytes[from + at] & 0xff;
    }

    int intAt(int at) {
        return byteAt(at) << 24 | byteAt(at + 1) << 16 | byteAt(at + 2) << 8 | byteAt(at + 3);
    }

    /// The next `length` bytes, which the caller takes before it adds any.
    ByteBuffer take(int length) {
        ByteBuffer taken = ByteBuffer.wrap(bytes, from, length);
        from += length;
        if (from == to) {
            from = 0;
            to = 0;
            bytes = NOTHING;
        }
        return taken;
    }

    void drop(int length) {
        take(length);
    }
}
