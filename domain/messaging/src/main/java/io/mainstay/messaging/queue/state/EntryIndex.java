package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;

import java.util.ArrayList;
import java.util.List;

/// The entries of one lane by number, from the oldest that is kept to the newest: blocks of [#BLOCK] entries with four longs each.
///
/// ```
/// address | bytes (high half), bodyBytes (low half) | timeMs | expiresMs
/// ```
final class EntryIndex {

    /// Entries in a block: 32 KiB.
    static final int BLOCK = 1024;

    private static final int LONGS = 4;
    private static final int SMALL = 16;

    /// Block `first + i` is `blocks.get(i)`.
    private final List<long[]> blocks = new ArrayList<>();

    private long first;

    /// Puts the entry behind all others.
    void add(long number, Entry entry) {
        long block = number / BLOCK;
        if (blocks.isEmpty()) {
            first = block;
        }
        int at = (int) (number % BLOCK) * LONGS;
        int index = (int) (block - first);
        if (index == blocks.size()) {
            blocks.add(new long[Math.max(SMALL * LONGS, Integer.highestOneBit(at) * 2)]);
        }
        long[] longs = blocks.get(index);
        if (at >= longs.length) {
            // A queue with a few messages takes little.
            longs = java.util.Arrays.copyOf(longs, Math.min(BLOCK * LONGS, longs.length * 4));
            blocks.set(index, longs);
        }
        longs[at] = entry.address();
        longs[at + 1] = (long) entry.bytes() << 32 | entry.bodyBytes();
        longs[at + 2] = entry.timeMs();
        longs[at + 3] = entry.expiresMs();
    }

    Entry get(long number) {
        long[] longs = block(number);
        int at = (int) (number % BLOCK) * LONGS;
        return new Entry(
                longs[at],
                (int) (longs[at + 1] >>> 32),
                (int) longs[at + 1],
                longs[at + 2],
                longs[at + 3]);
    }

    int bodyBytes(long number) {
        return (int) block(number)[(int) (number % BLOCK) * LONGS + 1];
    }

    long address(long number) {
        return block(number)[(int) (number % BLOCK) * LONGS];
    }

    private long[] block(long number) {
        int index = (int) (number / BLOCK - first);
        Check.that(index >= 0 && index < blocks.size(), "no entry %d", number);
        return blocks.get(index);
    }

    /// Entries below `number` are not asked for any more.
    void dropBefore(long number) {
        int whole = (int) Math.min(blocks.size(), number / BLOCK - first);
        if (whole > 0) {
            blocks.subList(0, whole).clear();
            first += whole;
        }
    }
}
