package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;

import org.jspecify.annotations.Nullable;

/// What a channel has delivered and not settled, by delivery tag. Event loop only.
///
/// Tags grow by one; those from the lowest unsettled on stand in a ring. A source is a [ChannelConsumer], or the [io.mainstay.messaging.api.QueueView] of a
/// `basic.get`.
final class UnackedBook {

    /// Hears of entries that were taken out, in the order of their tags.
    interface Taken {
        void taken(long tag, Object source, long sequence);
    }

    private @Nullable Object[] sources = new Object[64];
    private long[] sequences = new long[64];

    /// Nothing is unsettled below.
    private long base = 1;

    private long next = 1;
    private int count;

    /// A tag for a delivery that nobody will settle.
    long skip() {
        if (count == 0) {
            base = next + 1;
            return next++;
        }
        return add(null, 0);
    }

    /// Keeps a delivery and gives its tag.
    long add(@Nullable Object source, long sequence) {
        room(base);
        sources[at(next)] = source;
        sequences[at(next)] = sequence;
        count += source == null ? 0 : 1;
        return next++;
    }

    int count() {
        return count;
    }

    /// Takes out one delivery, or all up to it; tag 0 with `multiple` means all.
    ///
    /// @throws AmqpException 406 if there is no unsettled delivery of that tag: nothing is taken out
    void take(long tag, boolean multiple, Taken taken) throws AmqpException {
        if (multiple && tag == 0) {
            takeBelow(next, taken);
            return;
        }
        if (tag < base || tag >= next || sources[at(tag)] == null) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "unknown delivery tag " + Long.toUnsignedString(tag));
        }
        if (multiple) {
            takeBelow(tag + 1, taken);
        } else {
            takeOne(tag, taken);
            advance(next);
        }
    }

    private void takeBelow(long end, Taken taken) {
        for (long tag = base; tag < end; tag++) {
            takeOne(tag, taken);
        }
        advance(next);
    }

    private void takeOne(long tag, Taken taken) {
        int at = at(tag);
        Object source = sources[at];
        if (source != null) {
            sources[at] = null;
            count--;
            taken.taken(tag, source, sequences[at]);
        }
    }

    private void advance(long end) {
        while (base < end && sources[at(base)] == null) {
            base++;
        }
    }

    /// Puts back what was taken out: a transaction that is rolled back.
    void restore(long tag, Object source, long sequence) {
        room(Math.min(base, tag));
        base = Math.min(base, tag);
        sources[at(tag)] = source;
        sequences[at(tag)] = sequence;
        count++;
    }

    /// Makes sure that tags from `from` to `next` have their own places.
    private void room(long from) {
        if (next - from < sources.length) {
            return;
        }
        int larger = Integer.highestOneBit((int) (next - from)) * 2;
        @Nullable Object[] nextSources = new Object[larger];
        long[] nextSequences = new long[larger];
        for (long tag = base; tag < next; tag++) {
            int to = (int) (tag & (larger - 1));
            nextSources[to] = sources[at(tag)];
            nextSequences[to] = sequences[at(tag)];
        }
        sources = nextSources;
        sequences = nextSequences;
    }

    private int at(long tag) {
        return (int) (tag & (sources.length - 1));
    }
}
