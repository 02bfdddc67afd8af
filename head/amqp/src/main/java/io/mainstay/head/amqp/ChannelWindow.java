package io.mainstay.head.amqp;

import io.mainstay.messaging.api.QueueSession.DeliveryWindow;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What a channel's consumers may have unsettled together (`basic.qos` with `global`), within what their connection may have unwritten and the node in hand.
/// Thread-safe.
final class ChannelWindow implements DeliveryWindow {

    /// Of a channel that has ended: whatever is settled behind that, it stays below 0.
    private static final int ENDED = Integer.MIN_VALUE / 2;

    private final ConnectionWindow connection;
    private final DeliveriesInHand inHand;
    private final AtomicInteger unsettled = new AtomicInteger();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final DeliveryWindow withoutAck = new WithoutAck();

    /// 0: no limit.
    private volatile int limit;

    ChannelWindow(ConnectionWindow connection, DeliveriesInHand inHand) {
        this.connection = connection;
        this.inHand = inHand;
    }

    @Override
    public boolean tryTake(int bytes) {
        if (!take()) {
            refuse();
            if (!take()) {
                return false;
            }
        }
        if (connection.tryTake(bytes)) {
            return true;
        }
        change(-1);
        return false;
    }

    @Override
    public boolean hasRoom() {
        if (!mayTake(unsettled.get())) {
            refuse();
            if (!mayTake(unsettled.get())) {
                return false;
            }
        }
        return connection.hasRoom();
    }

    private boolean mayTake(int present) {
        int most = limit;
        return present >= 0 && (most == 0 || present < most) && !isTooMuch(present);
    }

    /// Room that comes between this and the next try is seen by one of the two sides.
    private void refuse() {
        refused.set(true);
        if (inHand.full()) {
            inHand.await(this);
        }
    }

    /// For consumers that do not acknowledge: they wait while the channel holds its most, and add nothing to it.
    DeliveryWindow withoutAck() {
        return withoutAck;
    }

    private final class WithoutAck implements DeliveryWindow {
        @Override
        public boolean tryTake(int bytes) {
            return !stays() && connection.tryTake(bytes);
        }

        @Override
        public boolean hasRoom() {
            return !stays() && connection.hasRoom();
        }

        /// Whether the channel holds its most.
        private boolean stays() {
            if (!isFull()) {
                return false;
            }
            refused.set(true);
            return isFull();
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
        int present = unsettled.get();
        while (mayTake(present)) {
            if (unsettled.compareAndSet(present, present + 1)) {
                count(present, present + 1);
                return true;
            }
            present = unsettled.get();
        }
        return false;
    }

    /// Whether the node has too many in hand and this channel its share.
    private boolean isTooMuch(int present) {
        return present >= DeliveriesInHand.LEAST && inHand.full();
    }

    private void change(int deliveries) {
        int before = unsettled.getAndAdd(deliveries);
        count(before, before + deliveries);
    }

    /// Each change is counted by who made it, so all of them add up whatever their order.
    private void count(int before, int after) {
        long steps = steps(after) - steps(before);
        if (steps != 0) {
            inHand.add(steps * DeliveriesInHand.STEP);
        }
    }

    private static long steps(int deliveries) {
        return Math.max(0, deliveries) / DeliveriesInHand.STEP;
    }

    /// The channel ends: it gets nothing more, and what it has goes back.
    void end() {
        int before = unsettled.getAndSet(ENDED);
        inHand.forget(this);
        count(before, 0);
    }

    @Override
    public void giveBack(int bytes) {
        change(-1);
        connection.giveBack(bytes);
        open();
    }

    /// There is room again: whoever was refused tries again.
    void open() {
        if (refused.compareAndSet(true, false)) {
            connection.open();
        }
    }

    /// @return whether somebody waits for the room that this made
    boolean settled(int deliveries) {
        change(-deliveries);
        if (refused.get() && isTooMuch(unsettled.get())) {
            // Its consumers need not ask with each acknowledgement.
            inHand.await(this);
            if (isTooMuch(unsettled.get())) {
                return false;
            }
        }
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
