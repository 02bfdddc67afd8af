package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.queue.command.Sequences;
import io.mainstay.messaging.queue.state.Entry;

/// What of a queue goes by time: messages for their age, and the queue itself when nobody used it for long. Apply thread only.
final class Expiry {

    private final Dispatcher dispatcher;
    private final LeaderQueue queue;
    private long usedAtMs;

    Expiry(Dispatcher dispatcher, LeaderQueue queue) {
        this.dispatcher = dispatcher;
        this.queue = queue;
        this.usedAtMs = dispatcher.nowMs();
    }

    private long expiresAtMs(Entry entry) {
        long ttl = queue.view.settings().messageTtlMs();
        long byQueue = ttl < 0 ? Long.MAX_VALUE : entry.timeMs() + ttl;
        return entry.expiresMs() < 0 ? byQueue : Math.min(byQueue, entry.expiresMs());
    }

    boolean expired(Entry entry) {
        return expiresAtMs(entry) <= dispatcher.nowMs();
    }

    /// Lets the first messages of each lane go that are too old, [LeaderQueue#GONE_PER_TURN] at most, and asks to be called when the next one is.
    ///
    /// @return whether there are more of them
    boolean expireHeads(ReadyMessages messages) {
        int left = LeaderQueue.GONE_PER_TURN;
        long next = Long.MAX_VALUE;
        for (long head : messages.heads()) {
            long sequence = head;
            int lane = Sequences.lane(head);
            while (sequence != ReadyMessages.NONE && expired(queue.entry(sequence))) {
                if (left-- == 0) {
                    return true;
                }
                if (!queue.expire(messages, sequence)) {
                    // The dead letters under way call again.
                    return false;
                }
                sequence = messages.headOf(lane);
            }
            if (sequence != ReadyMessages.NONE) {
                next = Math.min(next, expiresAtMs(queue.entry(sequence)));
            }
        }
        if (next != Long.MAX_VALUE) {
            dispatcher.wake(queue, next);
        }
        return false;
    }

    /// Somebody asked something of the queue.
    void used() {
        usedAtMs = dispatcher.nowMs();
        if (queue.view.settings().expiresMs() >= 0) {
            dispatcher.wake(queue, usedAtMs + queue.view.settings().expiresMs());
        }
    }

    /// Whether nobody used the queue for as long as its settings say.
    boolean isUnused() {
        long expiresMs = queue.view.settings().expiresMs();
        return expiresMs >= 0 && dispatcher.nowMs() - usedAtMs >= expiresMs;
    }

    /// Deletes the queue if it is unused. It has no consumers.
    void deleteUnused() {
        long expiresMs = queue.view.settings().expiresMs();
        if (isUnused()) {
            queue.deleteUnused();
        } else if (expiresMs >= 0) {
            dispatcher.wake(queue, usedAtMs + expiresMs);
        }
    }
}
