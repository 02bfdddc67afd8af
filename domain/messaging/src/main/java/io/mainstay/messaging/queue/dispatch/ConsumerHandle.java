package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome.Refused;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The event loop's end of a subscription; the apply thread's is [Consuming].
final class ConsumerHandle implements QueueConsumer {

    private final Dispatcher dispatcher;
    private final QueueView queue;
    private final Consuming consuming;
    private final DeliveryListener listener;
    private final AtomicBoolean poked = new AtomicBoolean();

    /// It was cancelled while nobody led the group.
    private volatile boolean ended;

    /// Deliveries that the listener was told of.
    private long heard;

    ConsumerHandle(
            Dispatcher dispatcher,
            QueueView queue,
            ConsumerSpec spec,
            DeliveryListener listener,
            Outlet outlet) {
        this.dispatcher = dispatcher;
        this.queue = queue;
        this.listener = listener;
        this.consuming = new Consuming(this, spec, listener, outlet);
    }

    void begin() {
        dispatcher.request(
                this::subscribe,
                () -> {
                    Refused refused = dispatcher.inaccessible(queue);
                    tell(() -> listener.refused(this, refused.reason(), refused.message()));
                });
    }

    private void subscribe() {
        if (ended || consuming.outlet.ended()) {
            return;
        }
        LedQueue at = dispatcher.use(queue.id());
        if (at == null) {
            refuse(Refusals.notFound(queue));
            return;
        }
        Refused refused = at.refusal(consuming.spec);
        if (refused == null) {
            at.add(consuming);
        } else {
            refuse(refused);
        }
    }

    private void refuse(Refused refused) {
        consuming.outlet.add(() -> listener.refused(this, refused.reason(), refused.message()));
        dispatcher.hasEvents(consuming.outlet);
    }

    void delivered(Delivery delivery) {
        heard++;
        listener.delivered(this, delivery);
    }

    @Override
    public QueueView queue() {
        return queue;
    }

    @Override
    public long nextOffset() {
        return consuming.nextOffset;
    }

    @Override
    public void settle(long first, long last, Settlement settlement) {
        settle(settlement, at -> at.settle(consuming, first, last, settlement));
    }

    /// An acknowledgement for which no delivery waits has time until the next turn: to wake the apply thread for it costs as much as a message.
    private void settle(Settlement settlement, Consumer<LedQueue> work) {
        long known = heard;
        dispatcher.submitLazily(
                () -> {
                    LedQueue at = dispatcher.use(queue.id());
                    consuming.heard(known);
                    if (at != null) {
                        work.accept(at);
                    }
                });
        if (settlement != Settlement.ACK || consuming.waitsForRoom()) {
            dispatcher.schedule();
        }
    }

    @Override
    public void settle(long[] ranges, Settlement settlement) {
        settle(
                settlement,
                at -> {
                    for (int i = 0; i < ranges.length; i += 2) {
                        at.settle(consuming, ranges[i], ranges[i + 1], settlement);
                    }
                });
    }

    @Override
    public void windowOpened() {
        if (poked.compareAndSet(false, true)) {
            dispatcher.submit(
                    () -> {
                        poked.set(false);
                        LedQueue at = dispatcher.use(queue.id());
                        if (at != null) {
                            at.windowOpened(consuming);
                        }
                    });
        }
    }

    @Override
    public void cancel(Runnable done) {
        dispatcher.farewell(
                () -> {
                    LedQueue at = dispatcher.use(queue.id());
                    if (at == null || at.remove(consuming, () -> tell(done))) {
                        cancelled(done);
                    }
                },
                () -> {
                    ended = true;
                    tell(done);
                });
    }

    private void tell(Runnable event) {
        consuming.outlet.tell(event);
    }

    private void cancelled(Runnable done) {
        consuming.outlet.add(done);
        dispatcher.hasEvents(consuming.outlet);
    }
}
