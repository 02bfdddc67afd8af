package io.mainstay.bench.amqp;

import io.mainstay.common.Check;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.DeliveryWindow;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.StoredMessage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/// A list in the heap, and who takes from it. What a consumer has and does not acknowledge is lost with it.
final class NullQueue {

    private final QueueView view;
    private final ArrayDeque<StoredMessage> messages = new ArrayDeque<>();
    private final List<NullConsumer> consumers = new CopyOnWriteArrayList<>();

    NullQueue(QueueView view) {
        this.view = view;
    }

    /// Any thread.
    void add(StoredMessage message) {
        synchronized (messages) {
            messages.add(message);
        }
        for (NullConsumer consumer : consumers) {
            consumer.wake();
        }
    }

    private @Nullable StoredMessage poll() {
        synchronized (messages) {
            return messages.poll();
        }
    }

    private @Nullable StoredMessage peek() {
        synchronized (messages) {
            return messages.peek();
        }
    }

    QueueConsumer consume(ConsumerSpec spec, DeliveryListener listener, Executor loop) {
        NullConsumer consumer = new NullConsumer(spec, listener, loop);
        loop.execute(
                () -> {
                    listener.subscribed(consumer);
                    consumers.add(consumer);
                    consumer.give();
                });
        return consumer;
    }

    /// Event loop only, but for [#wake].
    private final class NullConsumer implements QueueConsumer {
        private final ConsumerSpec spec;
        private final DeliveryListener listener;
        private final Executor loop;
        private final AtomicBoolean woken = new AtomicBoolean();
        private long delivered;
        private long settled;

        NullConsumer(ConsumerSpec spec, DeliveryListener listener, Executor loop) {
            this.spec = spec;
            this.listener = listener;
            this.loop = loop;
        }

        void wake() {
            if (!woken.get() && woken.compareAndSet(false, true)) {
                loop.execute(this::give);
            }
        }

        private void give() {
            woken.set(false);
            boolean any = false;
            DeliveryWindow window = spec.window();
            while (spec.prefetch() == 0 || delivered - settled < spec.prefetch()) {
                StoredMessage next = peek();
                if (next == null || window != null && !window.tryTake(next.bodyBytes())) {
                    break;
                }
                StoredMessage taken = poll();
                if (taken == null) {
                    if (window != null) {
                        window.giveBack(next.bodyBytes());
                    }
                    break;
                }
                listener.delivered(this, new Delivery(delivered++, false, 0, taken));
                settled += spec.autoAck() ? 1 : 0;
                any = true;
            }
            if (any) {
                listener.deliveredAll();
            }
        }

        @Override
        public QueueView queue() {
            return view;
        }

        @Override
        public void settle(long first, long last, Settlement settlement) {
            if (settlement == Settlement.ACK) {
                Check.that(
                        first == settled,
                        "the null broker takes acknowledgements in order only: %s, not %s",
                        settled,
                        first);
                settled = last + 1;
                wake();
            }
        }

        @Override
        public void settle(long[] ranges, Settlement settlement) {
            for (int i = 0; i < ranges.length; i += 2) {
                settle(ranges[i], ranges[i + 1], settlement);
            }
        }

        @Override
        public void windowOpened() {
            wake();
        }

        @Override
        public void cancel(Runnable done) {
            consumers.remove(this);
            loop.execute(done);
        }
    }
}
