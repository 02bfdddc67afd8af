package io.mainstay.head.amqp;

import io.mainstay.messaging.api.QueueSession.DeliveryWindow;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What a channel's consumers may have unsettled together (`basic.qos` with `global`), within what their connection may have unwritten. Thread-safe.
final class ChannelWindow implements DeliveryWindow {

    private final ConnectionWindow connection;
    private final AtomicInteger unsettled = new AtomicInteger();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final DeliveryWindow withoutAck = new WithoutAck();

    /// 0: no limit.
    private volatile int limit;

    ChannelWindow(ConnectionWindow connection) {
        this.connection = connection;
    }

    @Override
    public boolean tryTake(int bytes) {
        if (!take()) {
            refused.set(true);
            if (!take()) {
                return false;
            }
        }
        if (connection.tryTake(bytes)) {
            return true;
        }
        unsettled.decrementAndGet();
        return false;
    }

    /// For consumers that do not acknowledge: they wait while the channel holds its most, and add nothing to it.
    DeliveryWindow withoutAck() {
        return withoutAck;
    }

    private final class WithoutAck implements DeliveryWindow {
        @Override
        public boolean tryTake(int bytes) {
            if (isFull()) {
                refused.set(true);
                if (isFull()) {
                    return false;
                }
            }
            return connection.tryTake(bytes);
        }

        @Override
        public void giveBack(int bytes) {
            connection.giveBack(bytes);
        }
    }

    private boolean isFull() {
        int most = limit;
        return most != 0 && unsettled.get() >= most;
    }

    private boolean take() {
        int most = limit;
        int present = unsettled.get();
        while (most == 0 || present < most) {
            if (unsettled.compareAndSet(present, present + 1)) {
                return true;
            }
            present = unsettled.get();
        }
        return false;
    }

    @Override
    public void giveBack(int bytes) {
        unsettled.decrementAndGet();
        connection.giveBack(bytes);
        if (refused.compareAndSet(true, false)) {
            connection.open();
        }
    }

    /// @return whether somebody waits for the room that this made
    boolean settled(int deliveries) {
        unsettled.addAndGet(-deliveries);
        return refused.compareAndSet(true, false);
    }

    /// @param most 0: no limit
    /// @return whether somebody may wait for the room that this made
    boolean limit(int most) {
        limit = most;
        return refused.compareAndSet(true, false);
    }

    int limit() {
        return limit;
    }
}
