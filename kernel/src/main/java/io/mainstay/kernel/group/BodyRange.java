package io.mainstay.kernel.group;

import io.mainstay.common.Check;

import java.util.Arrays;

/// The bodies of a range of addresses that are needed: where each is and how long, in order, each once.
///
/// @param from first address of the range
/// @param packed one number for each body: its place in the range above the lowest 24 bits, its length in them
record BodyRange(long from, long[] packed) {

    private static final int LENGTH_BITS = 24;

    /// No range is longer.
    static final long MAX_SPAN = 1L << (Long.SIZE - 1 - LENGTH_BITS);

    static BodyRange of(long from, long to, Machines machines) {
        Collector collector = new Collector(from, to);
        machines.bodies(from, to, collector);
        return new BodyRange(from, collector.sorted());
    }

    int count() {
        return packed.length;
    }

    long address(int index) {
        return from + (packed[index] >>> LENGTH_BITS);
    }

    int bytes(int index) {
        return (int) packed[index] & (1 << LENGTH_BITS) - 1;
    }

    private static final class Collector implements StateMachine.BodySink {
        private final long from;
        private final long to;
        private long[] packed = new long[256];
        private int count;

        Collector(long from, long to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public void body(long address, int bytes) {
            Check.that(
                    address >= from
                            && address < to
                            && address - from < MAX_SPAN
                            && bytes > 0
                            && bytes < 1 << LENGTH_BITS,
                    "a body of %d bytes at address %d, in a range from %d to %d",
                    bytes,
                    address,
                    from,
                    to);
            if (count == packed.length) {
                packed = Arrays.copyOf(packed, 2 * count);
            }
            packed[count++] = address - from << LENGTH_BITS | bytes;
        }

        /// Of one that was named more than once the longest.
        long[] sorted() {
            Arrays.sort(packed, 0, count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (i + 1 < count && packed[i] >>> LENGTH_BITS == packed[i + 1] >>> LENGTH_BITS) {
                    continue;
                }
                packed[kept++] = packed[i];
            }
            return Arrays.copyOf(packed, kept);
        }
    }
}
