package io.mainstay.head.amqp;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.message.StoredMessage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A queue of [FakeMessaging], whose lock guards it.
final class FakeQueue {

    final QueueView view;
    private final FakeMessaging messaging;
    private final TreeMap<Long, Entry> ready = new TreeMap<>();
    private final TreeMap<Long, Entry> inHand = new TreeMap<>();
    private final List<FakeConsumer> consumers = new ArrayList<>();
    private long next;
    private int turn;

    record Entry(
            long sequence, StoredMessage message, boolean redelivered, int returns, Object holder) {

        Delivery delivery() {
            return new Delivery(sequence, redelivered, returns, message);
        }

        Entry by(Object newHolder) {
            return new Entry(sequence, message, redelivered, returns, newHolder);
        }
    }

    FakeQueue(QueueView view, FakeMessaging messaging) {
        this.view = view;
        this.messaging = messaging;
    }

    void add(StoredMessage message) {
        ready.put(next, new Entry(next, message, false, 0, this));
        next++;
        pump();
    }

    @Nullable Entry take(Object holder, boolean autoAck) {
        Map.Entry<Long, Entry> first = ready.pollFirstEntry();
        if (first == null) {
            return null;
        }
        if (!autoAck) {
            inHand.put(first.getKey(), first.getValue().by(holder));
        }
        return first.getValue();
    }

    void settle(Object holder, long from, long to, Settlement settlement) {
        settleOnly(holder, from, to, settlement);
        pump();
    }

    private void settleOnly(Object holder, long from, long to, Settlement settlement) {
        List<Entry> settled = new ArrayList<>(inHand.subMap(from, true, to, true).values());
        settled.removeIf(entry -> entry.holder() != holder);
        for (Entry entry : settled) {
            inHand.remove(entry.sequence());
            if (settlement == Settlement.REQUEUE) {
                ready.put(
                        entry.sequence(),
                        new Entry(
                                entry.sequence(),
                                entry.message(),
                                true,
                                entry.returns() + 1,
                                this));
            }
        }
    }

    void returnAll(Object holder) {
        settle(holder, 0, Long.MAX_VALUE, Settlement.REQUEUE);
    }

    int handOf(Object holder) {
        return (int) inHand.values().stream().filter(entry -> entry.holder() == holder).count();
    }

    void pump() {
        boolean some = true;
        while (some && !ready.isEmpty() && !consumers.isEmpty()) {
            some = false;
            for (int i = 0; i < consumers.size() && !ready.isEmpty(); i++) {
                FakeConsumer consumer = consumers.get(turn++ % consumers.size());
                some |= consumer.takeOne();
            }
        }
    }

    void consume(FakeConsumer consumer) {
        consumers.add(consumer);
    }

    boolean exclusivelyConsumed() {
        return consumers.stream().anyMatch(consumer -> consumer.spec.exclusive());
    }

    int consumers() {
        return consumers.size();
    }

    int ready() {
        return ready.size();
    }

    int purge() {
        int dropped = ready.size();
        ready.clear();
        return dropped;
    }

    void leave(FakeConsumer consumer) {
        boolean was = consumers.remove(consumer);
        if (was && consumers.isEmpty() && view.autoDelete()) {
            var unused =
                    messaging.change(
                            new TopologyChange.DeleteQueue(view.vhost(), view.name(), view.id()));
        }
    }

    void deleted() {
        List<FakeConsumer> gone = List.copyOf(consumers);
        consumers.clear();
        gone.forEach(FakeConsumer::queueDeleted);
    }

    QueueStats stats() {
        return new QueueStats(ready.size(), inHand.size(), 0, consumers.size(), next, 0, 0, 0, 0);
    }

    /// A subscription.
    static final class FakeConsumer implements QueueConsumer {

        final ConsumerSpec spec;
        private final FakeSession session;
        private final FakeQueue queue;
        private final DeliveryListener listener;

        FakeConsumer(
                FakeSession session,
                FakeQueue queue,
                ConsumerSpec spec,
                DeliveryListener listener) {
            this.session = session;
            this.queue = queue;
            this.spec = spec;
            this.listener = listener;
        }

        boolean takeOne() {
            if (!spec.autoAck() && spec.prefetch() > 0 && queue.handOf(this) >= spec.prefetch()) {
                return false;
            }
            int bytes = queue.ready.firstEntry().getValue().message().bodyBytes();
            if (spec.window() != null && !spec.window().tryTake(bytes)) {
                return false;
            }
            Entry entry = queue.take(this, spec.autoAck());
            session.later(
                    () -> {
                        listener.delivered(this, entry.delivery());
                        listener.deliveredAll();
                    });
            return true;
        }

        void queueDeleted() {
            session.later(() -> listener.cancelled(this, "the queue was deleted"));
        }

        @Override
        public QueueView queue() {
            return queue.view;
        }

        @Override
        public void settle(long first, long last, Settlement settlement) {
            synchronized (queue.messaging) {
                queue.settle(this, first, last, settlement);
            }
        }

        @Override
        public void settle(long[] ranges, Settlement settlement) {
            synchronized (queue.messaging) {
                for (int i = 0; i < ranges.length; i += 2) {
                    queue.settleOnly(this, ranges[i], ranges[i + 1], settlement);
                }
                queue.pump();
            }
        }

        @Override
        public void windowOpened() {
            synchronized (queue.messaging) {
                queue.pump();
            }
        }

        @Override
        public void cancel(Runnable done) {
            synchronized (queue.messaging) {
                queue.leave(this);
            }
            session.later(done);
        }
    }
}
