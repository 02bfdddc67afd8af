package io.mainstay.messaging.queue.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Which sequences of one publisher came to one queue, as far as they are less than [#SIZE] below the highest one; lower ones count as having come.
///
/// They need not come in order: a publisher uses several channels, and what was refused comes again behind its successors. So a message that was never
/// stored is taken whenever it comes, as long as its publisher has fewer than [#SIZE] of them unconfirmed.
final class SequenceWindow {

    /// Sequences; a power of 2.
    static final int SIZE = 4_096;

    private static final int WORDS = SIZE / Long.SIZE;

    final long queue;
    final String publisher;
    long usedMs;
    private long highest;

    /// A bit for each sequence modulo [#SIZE].
    private final long[] bits = new long[WORDS];

    SequenceWindow(long queue, String publisher) {
        this.queue = queue;
        this.publisher = publisher;
        this.highest = -1;
    }

    boolean has(long sequence) {
        if (sequence > highest) {
            return false;
        }
        return highest - sequence >= SIZE || (bits[word(sequence)] & bit(sequence)) != 0;
    }

    void add(long sequence) {
        if (sequence > highest) {
            forget(sequence);
            highest = sequence;
        }
        bits[word(sequence)] |= bit(sequence);
    }

    /// The places of what is above the highest until now were those of lower ones.
    private void forget(long upTo) {
        if (upTo - Math.max(highest, 0) >= SIZE) {
            Arrays.fill(bits, 0);
            return;
        }
        // Counted in steps: behind the highest number there is comes no further one.
        for (long steps = upTo - highest; steps > 0; steps--) {
            long sequence = highest + steps;
            bits[word(sequence)] &= ~bit(sequence);
        }
    }

    private static int word(long sequence) {
        return (int) (sequence & (SIZE - 1)) / Long.SIZE;
    }

    private static long bit(long sequence) {
        return 1L << sequence;
    }

    void write(QueueSnapshot.Writer out) {
        out.put(usedMs);
        out.put(highest);
        for (long word : bits) {
            out.put(word);
        }
    }

    void read(ByteBuffer in) {
        usedMs = in.getLong();
        highest = in.getLong();
        for (int i = 0; i < WORDS; i++) {
            bits[i] = in.getLong();
        }
    }
}
