package io.mainstay.messaging.queue.simulation;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome.Reason;

import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A consumer on a connection of its own: acknowledges, returns, rejects or keeps what it gets, until its connection ends. When faults are over it
/// acknowledges everything.
final class Subscription implements DeliveryListener {

    private static final long MS = 1_000_000;

    private final QueueWorkload workload;
    private final SimBroker at;
    private final QueueView queue;
    private final RandomGenerator random;
    private final QueueSession session;
    private final long reader;
    private final QueueConsumer consumer;
    private boolean over;

    /// What is in hand, and the term that it was delivered in.
    private final TreeMap<Long, Integer> inHand = new TreeMap<>();

    Subscription(QueueWorkload workload, SimBroker at, QueueView queue, RandomGenerator random) {
        this.workload = workload;
        this.at = at;
        this.queue = queue;
        this.random = random;
        this.session = at.open();
        this.reader = workload.newNumber();
        this.consumer =
                session.consume(
                        queue,
                        new ConsumerSpec(
                                "consumer-" + reader,
                                false,
                                false,
                                workload.isHealed() ? 500 : 1 + random.nextInt(20),
                                0,
                                null,
                                new StreamOffset.Next()),
                        this);
        at.host.asked();
    }

    boolean isOver() {
        return over || !at.host.lives();
    }

    /// What is in hand goes back.
    void close() {
        over = true;
        if (at.host.lives()) {
            session.close();
            at.host.asked();
        }
    }

    @Override
    public void subscribed(QueueConsumer told) {}

    @Override
    public void refused(QueueConsumer told, Reason reason, String message) {
        close();
    }

    @Override
    public void delivered(QueueConsumer told, Delivery delivery) {
        if (over) {
            // Its connection has ended: nobody sees it.
            return;
        }
        workload.book().delivered(at.host, reader, queue, delivery);
        inHand.put(delivery.sequence(), at.host.leadingTerm(queue.group()));
        at.host.in(random.nextInt(30) * MS, () -> settle(delivery.sequence()));
    }

    private void settle(long sequence) {
        if (over || !inHand.containsKey(sequence)) {
            return;
        }
        int chance = workload.isHealed() ? 0 : random.nextInt(100);
        if (chance < 70) {
            ack(sequence, sequence);
        } else if (chance < 78) {
            ack(inHand.firstKey(), sequence);
        } else if (chance < 88) {
            inHand.remove(sequence);
            workload.book().counts.requeued++;
            consumer.settle(sequence, sequence, Settlement.REQUEUE);
        } else if (chance < 95 && queue.settings().deadLetterExchange() != null) {
            inHand.remove(sequence);
            consumer.settle(sequence, sequence, Settlement.REJECT);
        } else {
            // Looks at it again later.
            at.host.in(300 * MS, () -> settle(sequence));
        }
    }

    private void ack(long first, long last) {
        var acked = inHand.subMap(first, true, last, true);
        acked.forEach((sequence, term) -> workload.book().acked(at.host, term, queue, sequence));
        acked.clear();
        consumer.settle(first, last, Settlement.ACK);
    }

    @Override
    public void deliveredAll() {}

    @Override
    public void cancelled(QueueConsumer told, String why) {
        close();
    }

    @Override
    public void timedOut(QueueConsumer told, long sequence, long timeoutMs) {
        throw new AssertionError("consumers have no time-out here");
    }
}
