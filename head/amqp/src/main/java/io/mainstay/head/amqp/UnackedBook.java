package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// What a channel has delivered and not settled, by delivery tag. Event loop only.
///
/// Entries stand in the order of their tags. Those that are settled are squeezed out when there is no room behind the last one, so what is kept for long takes no
/// room for what came and went behind it. A source is a [ChannelConsumer], or the [io.mainstay.messaging.api.QueueView] of a `basic.get`.
final class UnackedBook {

    /// Hears of entries that were taken out, in the order of their tags.
    interface Taken {
        void taken(long tag, Object source, long sequence);
    }

    private static final int SMALL = 64;

    /// An empty book keeps no more places than these.
    private static final int MOST_WHEN_EMPTY = 4096;

    private long[] tags = new long[SMALL];

    /// `null`: settled.
    private @Nullable Object[] sources = new Object[SMALL];

    private long[] sequences = new long[SMALL];

    /// The place of the first entry that is not settled; `end` if there is none.
    private int first;

    private int end;
    private long next = 1;
    private int count;

    /// A tag for a delivery that nobody will settle.
    long skip() {
        return next++;
    }

    /// Keeps a delivery and gives its tag.
    long add(Object source, long sequence) {
        if (end == tags.length) {
            roomBehind();
        }
        set(end++, next, source, sequence);
        return next++;
    }

    private void set(int at, long tag, Object source, long sequence) {
        tags[at] = tag;
        sources[at] = source;
        sequences[at] = sequence;
        count++;
    }

    int count() {
        return count;
    }

    /// Takes out one delivery, or all up to it; tag 0 with `multiple` means all.
    ///
    /// @throws AmqpException 406 if there is no unsettled delivery of that tag: nothing is taken out
    void take(long tag, boolean multiple, Taken taken) throws AmqpException {
        if (multiple && tag == 0) {
            takeBefore(end, taken);
            return;
        }
        int at = find(tag);
        if (at < 0 || sources[at] == null) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "unknown delivery tag " + Long.toUnsignedString(tag));
        }
        if (multiple) {
            takeBefore(at + 1, taken);
        } else {
            takeOne(at, taken);
            advance();
        }
    }

    /// Most often no tag is missing, and its place follows from it.
    private int find(long tag) {
        if (first == end || tag < tags[first] || tag > tags[end - 1]) {
            return -1;
        }
        long usual = first + tag - tags[first];
        return usual < end && tags[(int) usual] == tag
                ? (int) usual
                : Arrays.binarySearch(tags, first, end, tag);
    }

    private void takeBefore(int limit, Taken taken) {
        for (int at = first; at < limit; at++) {
            takeOne(at, taken);
        }
        advance();
    }

    private void takeOne(int at, Taken taken) {
        Object source = sources[at];
        if (source != null) {
            sources[at] = null;
            count--;
            taken.taken(tags[at], source, sequences[at]);
        }
    }

    private void advance() {
        while (first < end && sources[first] == null) {
            first++;
        }
        if (first == end) {
            first = 0;
            end = 0;
            if (tags.length > MOST_WHEN_EMPTY) {
                tags = new long[SMALL];
                sources = new Object[SMALL];
                sequences = new long[SMALL];
            }
        }
    }

    /// Puts back what was taken out: a transaction that is rolled back. Quick if the latest one comes first.
    void restore(long tag, Object source, long sequence) {
        int at = Arrays.binarySearch(tags, first, end, tag);
        if (at >= 0) {
            set(at, tag, source, sequence);
            return;
        }
        if (first == 0) {
            at -= roomBefore();
        }
        int before = -at - 2;
        System.arraycopy(tags, first, tags, first - 1, before + 1 - first);
        System.arraycopy(sources, first, sources, first - 1, before + 1 - first);
        System.arraycopy(sequences, first, sequences, first - 1, before + 1 - first);
        first--;
        set(before, tag, source, sequence);
    }

    /// Moves everything behind, and tells how far. Settled entries stay, so that places count on from each other.
    private int roomBefore() {
        int shift = Math.max(SMALL, end);
        long[] movedTags = new long[end + shift];
        @Nullable Object[] movedSources = new Object[end + shift];
        long[] movedSequences = new long[end + shift];
        System.arraycopy(tags, 0, movedTags, shift, end);
        System.arraycopy(sources, 0, movedSources, shift, end);
        System.arraycopy(sequences, 0, movedSequences, shift, end);
        tags = movedTags;
        sources = movedSources;
        sequences = movedSequences;
        first += shift;
        end += shift;
        return shift;
    }

    /// Squeezes settled entries out; afterwards half of the places are free.
    private void roomBehind() {
        int length = count > tags.length / 2 ? 2 * tags.length : tags.length;
        @Nullable Object[] from = sources;
        long[] fromTags = tags;
        long[] fromSequences = sequences;
        if (length != from.length) {
            tags = new long[length];
            sources = new Object[length];
            sequences = new long[length];
        }
        int at = 0;
        for (int i = first; i < end; i++) {
            Object source = from[i];
            if (source != null) {
                tags[at] = fromTags[i];
                sequences[at] = fromSequences[i];
                sources[at++] = source;
            }
        }
        if (length == from.length) {
            Arrays.fill(sources, at, end, null);
        }
        first = 0;
        end = at;
    }
}
