package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;

import org.agrona.collections.Long2LongHashMap;

/// One consumer of a queue, as its dispatcher sees it. Apply thread only.
final class Consuming extends Holder {

    final ConsumerHandle handle;
    final ConsumerSpec spec;
    private final DeliveryListener listener;

    /// Of a reader of a stream, for people who look; otherwise -1.
    volatile long nextOffset = -1;

    /// Of [Consumers]: when it came, and when it was served last.
    long arrival;

    long turn;

    /// Of [Consumers]: it had no room when it was asked last.
    boolean full;

    /// A delivery waits until this consumer settles something.
    private volatile boolean waitsForRoom;

    /// Deliveries so far, and the highest sequence among them.
    private long given;

    private long highest = Long.MIN_VALUE;

    /// Deliveries that came behind higher ones and that the consumer had not heard of when it settled last: by sequence, the how many-th that was.
    private final Long2LongHashMap late = new Long2LongHashMap(-1);

    Consuming(ConsumerHandle handle, ConsumerSpec spec, DeliveryListener listener, Outlet outlet) {
        super(outlet);
        this.handle = handle;
        this.spec = spec;
        this.listener = listener;
    }

    /// Takes room for a delivery, if there is any.
    boolean takeRoom(int bytes) {
        return isBelowPrefetch() && (spec.window() == null || spec.window().tryTake(bytes));
    }

    boolean hasRoom() {
        return isBelowPrefetch() && (spec.window() == null || spec.window().hasRoom());
    }

    private boolean isBelowPrefetch() {
        if (spec.prefetch() > 0 && !spec.autoAck() && inHand >= spec.prefetch()) {
            waitForRoom();
            return false;
        }
        waitsForRoom = false;
        return true;
    }

    /// A delivery waits until it settles something.
    void waitForRoom() {
        waitsForRoom = true;
    }

    /// Any thread.
    boolean waitsForRoom() {
        return waitsForRoom;
    }

    void giveRoomBack(int bytes) {
        if (spec.window() != null) {
            spec.window().giveBack(bytes);
        }
    }

    void deliver(Delivery delivery) {
        given++;
        if (delivery.sequence() < highest && !spec.autoAck()) {
            late.put(delivery.sequence(), given);
        }
        highest = Math.max(highest, delivery.sequence());
        outlet.deliver(listener, () -> handle.delivered(delivery));
    }

    /// The consumer settles, and had heard of so many deliveries when it did.
    void heard(long deliveries) {
        if (!late.isEmpty()) {
            late.values().removeIfLong(which -> which <= deliveries);
        }
    }

    @Override
    boolean knows(long sequence) {
        return late.isEmpty() || !late.containsKey(sequence);
    }

    void subscribed() {
        outlet.add(() -> listener.subscribed(handle));
    }

    void cancelled(String why) {
        outlet.add(() -> listener.cancelled(handle, why));
    }

    @Override
    void timedOut(long sequence, long timeoutMs) {
        outlet.add(() -> listener.timedOut(handle, sequence, timeoutMs));
    }
}
