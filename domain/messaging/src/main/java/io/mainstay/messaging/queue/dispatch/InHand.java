package io.mainstay.messaging.queue.dispatch;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/// What of a queue is delivered and not settled: who has it, and since when. Apply thread only.
final class InHand {

    private static final Logger LOG = LoggerFactory.getLogger(InHand.class);

    private final Dispatcher dispatcher;
    private final LeaderQueue queue;
    private final Long2ObjectHashMap<Holder> holders = new Long2ObjectHashMap<>();

    /// Of those whose time is limited.
    private final Long2LongHashMap sinceMs = new Long2LongHashMap(Long.MAX_VALUE);

    InHand(Dispatcher dispatcher, LeaderQueue queue) {
        this.dispatcher = dispatcher;
        this.queue = queue;
    }

    int size() {
        return holders.size();
    }

    void add(long sequence, Holder holder) {
        holders.put(sequence, holder);
        holder.inHand++;
        long timeoutMs = timeoutMs();
        if (timeoutMs > 0) {
            long now = dispatcher.nowMs();
            sinceMs.put(sequence, now);
            dispatcher.wake(queue, now + timeoutMs);
        }
    }

    /// Who has it; `null` if nobody has.
    @Nullable Holder holderOf(long sequence) {
        return holders.get(sequence);
    }

    /// Whether somebody had it.
    boolean remove(long sequence) {
        Holder holder = holders.remove(sequence);
        if (holder == null) {
            return false;
        }
        holder.inHand--;
        sinceMs.remove(sequence);
        return true;
    }

    /// What lies between these, in order.
    List<Long> between(long first, long last) {
        List<Long> found = new ArrayList<>();
        for (long sequence : holders.keySet()) {
            if (sequence >= first && sequence <= last) {
                found.add(sequence);
            }
        }
        found.sort(null);
        return found;
    }

    /// What a session has, in order.
    List<Long> of(Outlet outlet) {
        List<Long> found = new ArrayList<>();
        holders.forEach(
                (sequence, holder) -> {
                    if (holder.outlet == outlet) {
                        found.add(sequence);
                    }
                });
        found.sort(null);
        return found;
    }

    void clear() {
        holders.clear();
        sinceMs.clear();
    }

    /// Of a queue that says nothing, what the node says; 0: consumers may wait for ever.
    private long timeoutMs() {
        long own = queue.view.settings().consumerTimeoutMs();
        return own < 0 ? dispatcher.consumerTimeoutMs() : own;
    }

    /// Tells the holders of what was delivered too long ago, and looks again when the next one may be.
    void timeOut() {
        long timeoutMs = timeoutMs();
        if (timeoutMs == 0 || sinceMs.isEmpty()) {
            return;
        }
        long now = dispatcher.nowMs();
        long latest = now - timeoutMs;
        // Noted in an array, for lambdas.
        long[] oldest = {now};
        List<Long> late = new ArrayList<>();
        sinceMs.forEachLong(
                (sequence, since) -> {
                    if (since <= latest) {
                        late.add(sequence);
                    } else {
                        oldest[0] = Math.min(oldest[0], since);
                    }
                });
        for (long sequence : late) {
            Holder holder = holders.get(sequence);
            sinceMs.put(sequence, now);
            if (holder != null) {
                holder.timedOut(sequence, timeoutMs);
                dispatcher.hasEvents(holder.outlet);
            }
        }
        if (!late.isEmpty()) {
            LOG.warn(
                    "queue '{}' in vhost '{}': {} deliveries were not acknowledged within {} ms; their channels are closed and they come back",
                    queue.view.name(),
                    queue.view.vhost(),
                    late.size(),
                    timeoutMs);
        }
        dispatcher.wake(queue, oldest[0] + timeoutMs);
    }
}
