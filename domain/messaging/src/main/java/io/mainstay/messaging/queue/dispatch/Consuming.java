package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;

/// One consumer of a queue, as its dispatcher sees it. Apply thread only.
final class Consuming extends Holder {

    final QueueConsumer handle;
    final ConsumerSpec spec;
    private final DeliveryListener listener;

    /// Of a reader of a stream, for people who look; otherwise -1.
    volatile long nextOffset = -1;

    Consuming(QueueConsumer handle, ConsumerSpec spec, DeliveryListener listener, Outlet outlet) {
        super(outlet);
        this.handle = handle;
        this.spec = spec;
        this.listener = listener;
    }

    /// Takes room for a delivery, if there is any.
    boolean takeRoom(int bytes) {
        if (spec.prefetch() > 0 && !spec.autoAck() && inHand >= spec.prefetch()) {
            return false;
        }
        return spec.window() == null || spec.window().tryTake(bytes);
    }

    void giveRoomBack(int bytes) {
        if (spec.window() != null) {
            spec.window().giveBack(bytes);
        }
    }

    void deliver(Delivery delivery) {
        outlet.deliver(listener, () -> listener.delivered(handle, delivery));
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
