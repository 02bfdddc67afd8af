package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.MethodWriter;

import java.util.Arrays;

/// Which publishes of a channel in confirm mode are answered, and what the client was told of them. Event loop only.
///
/// States of the tags from the lowest that the client was not told of stand in a ring. Tags below the lowest unanswered one are told together
/// (`multiple`), refusals and those above one by one.
final class ConfirmBook {

    private static final byte WAITING = 0;
    private static final byte ACKED = 1;
    private static final byte NACKED = 2;
    private static final byte TOLD = 3;

    private byte[] ring = new byte[64];

    /// Lowest tag that the client was not told of.
    private long base = 1;

    /// The next tag.
    private long next = 1;

    private long lowestNews = Long.MAX_VALUE;
    private long highestNews;
    private long waiting;

    /// The tag of one more publish.
    long add() {
        if (next - base == ring.length) {
            grow();
        }
        waiting++;
        ring[at(next)] = WAITING;
        return next++;
    }

    void answer(long tag, boolean confirmed) {
        waiting--;
        ring[at(tag)] = confirmed ? ACKED : NACKED;
        lowestNews = Math.min(lowestNews, tag);
        highestNews = Math.max(highestNews, tag);
    }

    /// Publishes without an answer.
    long waiting() {
        return waiting;
    }

    /// Tells the client of all answers since the last call.
    void tell(MethodWriter out, int channel) {
        if (highestNews == 0) {
            return;
        }
        long end = highestNews + 1;
        long cut = base;
        while (cut < end && ring[at(cut)] != WAITING) {
            cut++;
        }
        below(out, channel, cut);
        for (long tag = Math.max(cut, lowestNews); tag < end; tag++) {
            byte state = ring[at(tag)];
            if (state == ACKED) {
                out.basicAck(channel, tag, false);
            } else if (state == NACKED) {
                out.basicNack(channel, tag, false);
            }
            if (state != WAITING) {
                ring[at(tag)] = TOLD;
            }
        }
        base = cut;
        lowestNews = Long.MAX_VALUE;
        highestNews = 0;
    }

    private void below(MethodWriter out, int channel, long cut) {
        long lastAcked = 0;
        int acked = 0;
        for (long tag = base; tag < cut; tag++) {
            switch (ring[at(tag)]) {
                case NACKED -> out.basicNack(channel, tag, false);
                case ACKED -> {
                    lastAcked = tag;
                    acked++;
                }
                default -> {}
            }
        }
        if (acked > 0) {
            out.basicAck(channel, lastAcked, acked > 1);
        }
    }

    private void grow() {
        byte[] larger = new byte[ring.length * 2];
        Arrays.fill(larger, TOLD);
        for (long tag = base; tag < next; tag++) {
            larger[(int) (tag & (larger.length - 1))] = ring[at(tag)];
        }
        ring = larger;
    }

    private int at(long tag) {
        return (int) (tag & (ring.length - 1));
    }
}
