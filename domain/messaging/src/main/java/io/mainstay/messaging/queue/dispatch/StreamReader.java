package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.state.Lane;

import org.agrona.collections.LongHashSet;

/// One consumer of a stream: its place, and what it has in hand. Apply thread only.
final class StreamReader {

    final Consuming consumer;

    /// Whether it stands in the queue of those for which something may be done.
    boolean inTurns;

    private final ReadAhead ahead;
    private final LongHashSet inHand = new LongHashSet();

    /// The offset that it gets next, if that is not gone by then.
    private long next;

    StreamReader(Dispatcher dispatcher, StreamQueue queue, Consuming consumer, long next) {
        this.consumer = consumer;
        this.next = next;
        consumer.nextOffset = next;
        this.ahead = new ReadAhead(dispatcher, queue, this);
    }

    /// Gives it what it can take now.
    ///
    /// @return how many messages that was
    int deliver(Lane lane, int most) {
        int given = 0;
        while (given < most && mayTakeMore()) {
            next = Math.max(next, lane.floor());
            if (next >= lane.tail()) {
                break;
            }
            StoredMessage message = ahead.peek(lane, next);
            if (message == null || !consumer.takeRoom(message.bodyBytes())) {
                break;
            }
            ahead.take(next);
            inHand.add(next);
            consumer.inHand++;
            consumer.deliver(new Delivery(next, false, 0, message));
            next++;
            given++;
        }
        if (consumer.nextOffset != next) {
            consumer.nextOffset = next;
        }
        return given;
    }

    /// Asked before anything is read for it.
    private boolean mayTakeMore() {
        return consumer.spec.prefetch() == 0 || consumer.inHand < consumer.spec.prefetch();
    }

    /// The message cannot be read: goes on behind it.
    void passOver(long offset) {
        next = Math.max(next, offset + 1);
    }

    /// @return how many of these it had in hand
    long settle(long first, long last) {
        long before = inHand.size();
        if (last - first > before) {
            inHand.removeIfLong(offset -> offset >= first && offset <= last);
        } else {
            for (long offset = first; offset <= last; offset++) {
                inHand.remove(offset);
            }
        }
        consumer.inHand = inHand.size();
        return before - inHand.size();
    }
}
