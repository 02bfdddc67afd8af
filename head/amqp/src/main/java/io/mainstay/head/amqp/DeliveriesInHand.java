package io.mainstay.head.amqp;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Deliveries that the channels of a node have in hand together: each takes heap until it is settled, and a consumer without a prefetch limit may never settle one.
/// Counted in steps of [#STEP] for each channel. Thread-safe.
///
/// Where they are too many, a channel that has [#LEAST] itself gets no more until it settles some or others do; what it does not get stays in its queue.
final class DeliveriesInHand {

    static final int STEP = 1_024;

    /// A channel may have so many whatever others have.
    static final int LEAST = 2_048;

    private final long most;
    private final AtomicLong count = new AtomicLong();
    private final Set<ChannelWindow> waiting = ConcurrentHashMap.newKeySet();

    DeliveriesInHand(long most) {
        this.most = most;
    }

    boolean full() {
        return count.get() >= most;
    }

    void add(long deliveries) {
        long after = count.addAndGet(deliveries);
        if (after < most && after - deliveries >= most) {
            for (ChannelWindow window : List.copyOf(waiting)) {
                // Before it tries again: it may have to wait again.
                waiting.remove(window);
                window.open();
            }
        }
    }

    /// The window hears when there is room. The caller looks once more whether there is some.
    void await(ChannelWindow window) {
        waiting.add(window);
    }

    void forget(ChannelWindow window) {
        waiting.remove(window);
    }

    long count() {
        return count.get();
    }
}
