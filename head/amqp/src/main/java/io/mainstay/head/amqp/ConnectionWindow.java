package io.mainstay.head.amqp;

import io.mainstay.messaging.api.QueueSession.DeliveryWindow;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Bounds the deliveries of a connection that are not written to its socket: a client that does not read costs no memory beyond it. Thread-safe.
final class ConnectionWindow implements DeliveryWindow {

    private final AtomicLong used = new AtomicLong();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final Runnable opened;

    /// @param opened runs on any thread when there is room again after somebody was refused
    ConnectionWindow(Runnable opened) {
        this.opened = opened;
    }

    static long cost(int bodyBytes) {
        return (long) bodyBytes + AmqpLimits.DELIVERY_BYTES;
    }

    @Override
    public boolean tryTake(int bytes) {
        if (take(bytes)) {
            return true;
        }
        // Room that comes between these two tries is seen by one of the two sides.
        refused.set(true);
        return take(bytes);
    }

    /// One delivery may overshoot: a message that is larger than the window must pass as well.
    private boolean take(int bytes) {
        long present = used.get();
        while (present < AmqpLimits.UNWRITTEN_BYTES) {
            if (used.compareAndSet(present, present + cost(bytes))) {
                return true;
            }
            present = used.get();
        }
        return false;
    }

    @Override
    public boolean hasRoom() {
        if (used.get() < AmqpLimits.UNWRITTEN_BYTES) {
            return true;
        }
        refused.set(true);
        return used.get() < AmqpLimits.UNWRITTEN_BYTES;
    }

    @Override
    public void giveBack(int bytes) {
        written(cost(bytes));
    }

    /// Deliveries of that [#cost] are written.
    void written(long cost) {
        if (used.addAndGet(-cost) < AmqpLimits.UNWRITTEN_BYTES / 2
                && refused.compareAndSet(true, false)) {
            open();
        }
    }

    /// Lets everybody try again.
    void open() {
        opened.run();
    }
}
