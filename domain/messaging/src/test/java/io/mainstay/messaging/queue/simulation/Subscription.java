package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.kernel.group.SimHost;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.queue.simulation.SimTopology.Kind;

import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A consumer on a connection of its own: acknowledges, returns, rejects or keeps what it gets, until its connection ends or its time is over. When faults
/// are over it acknowledges everything.
final class Subscription implements DeliveryListener {

    private static final long MS = 1_000_000;
    private static final long MOST_MS_TO_DELETE = 3_000;

    private final QueueWorkload workload;
    private final SimBroker at;
    private final QueueView queue;
    private final RandomGenerator random;
    private final QueueSession session;
    private final long reader;
    private final int prefetch;
    private final QueueConsumer consumer;
    private boolean over;
    private long subscribedNanos = -1;
    private int subscribedInTerm = -1;
    private long servedNanos;
    private int servedInTerm = -1;

    /// What is in hand, and the term that it was delivered in.
    private final TreeMap<Long, Integer> inHand = new TreeMap<>();

    /// When it came, of what is never settled.
    private final TreeMap<Long, Long> forgotten = new TreeMap<>();

    Subscription(QueueWorkload workload, SimBroker at, QueueView queue, RandomGenerator random) {
        this.workload = workload;
        this.at = at;
        this.queue = queue;
        this.random = random;
        this.session = at.open();
        this.reader = workload.newNumber();
        this.prefetch = workload.isHealed() ? 500 : 1 + random.nextInt(20);
        workload.consumers().begins(this);
        this.consumer =
                session.consume(
                        queue,
                        new ConsumerSpec(
                                "consumer-" + reader,
                                false,
                                false,
                                prefetch,
                                0,
                                null,
                                new StreamOffset.Next()),
                        this);
        at.host.asked();
    }

    QueueView queue() {
        return queue;
    }

    SimHost host() {
        return at.host;
    }

    boolean isOver() {
        return over || !at.host.lives();
    }

    /// Whether it has heard that it is.
    boolean isSubscribed() {
        return subscribedNanos >= 0;
    }

    long subscribedNanos() {
        return subscribedNanos;
    }

    int subscribedInTerm() {
        return subscribedInTerm;
    }

    /// When it got something last.
    long servedNanos() {
        return servedNanos;
    }

    int servedInTerm() {
        return servedInTerm;
    }

    /// What is in hand goes back.
    void close() {
        if (over) {
            return;
        }
        // What it heard last may be of an earlier term.
        boolean counted =
                subscribedInTerm >= 0
                        && subscribedInTerm == at.host.leadingTerm(queue.group())
                        && at.host.nanos() - subscribedNanos > ConsumerBook.ON_THE_WAY_NANOS;
        over = true;
        workload.consumers().ends(this);
        if (counted) {
            workload.consumers().used(queue.id(), at.host.nanos());
        }
        inHand.keySet().forEach(n -> workload.consumers().released(reader, queue, n));
        if (at.host.lives()) {
            int touches = workload.consumers().touches(queue.id());
            session.close(() -> closed(touches, counted));
            at.host.asked();
        }
    }

    /// A deletion that fails is made up for.
    private void closed(int touches, boolean counted) {
        if (counted && at.couldNotDelete(queue.id())) {
            at.host.in(MOST_MS_TO_DELETE * MS, () -> goneAfter(touches));
        } else if (counted) {
            goneAfter(touches);
        }
    }

    private void goneAfter(int touches) {
        ConsumerBook consumers = workload.consumers();
        boolean others =
                !consumers.of(queue.id()).isEmpty()
                        || consumers.touches(queue.id()) != touches
                        || subscribedInTerm != at.host.leadingTerm(queue.group());
        consumers.closed(this, others);
    }

    @Override
    public void subscribed(QueueConsumer told) {
        subscribedNanos = at.host.nanos();
        subscribedInTerm = at.host.leadingTerm(queue.group());
        workload.consumers().used(queue.id(), subscribedNanos);
    }

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
        int term = at.host.leadingTerm(queue.group());
        ConsumerBook consumers = workload.consumers();
        boolean alone = consumers.servesOne(queue);
        workload.book().delivered(at.host, alone ? -1 : reader, queue, delivery);
        require(
                at.host.nanos() - at.goneNanos(queue.id()) < ConsumerBook.ON_THE_WAY_NANOS,
                "%s delivers and is deleted",
                queue.name());
        consumers.taken(at.host, reader, queue, delivery.sequence());
        if (alone) {
            servedNanos = at.host.nanos();
            servedInTerm = term;
            consumers.served(this, term);
        }
        inHand.put(delivery.sequence(), term);
        require(
                inHand.size() <= prefetch,
                "%s: %s has %s in hand and wants %d at most",
                queue.name(),
                this,
                inHand,
                prefetch);
        if (isTimed() && !workload.isHealed() && random.nextInt(12) == 0) {
            forget(delivery.sequence(), term);
        } else {
            at.host.in(random.nextInt(30) * MS, () -> settle(delivery.sequence()));
        }
    }

    private boolean isTimed() {
        return workload.topology().kindOf(queue.id()) == Kind.TIMED;
    }

    /// Never settles it: the queue takes it back.
    private void forget(long sequence, int term) {
        forgotten.put(sequence, at.host.nanos());
        long most = SimTopology.TIMEOUT_MS + SimTopology.CLOCKS_MS;
        at.host.in(
                most * MS + ConsumerBook.ON_THE_WAY_NANOS,
                () ->
                        require(
                                !forgotten.containsKey(sequence)
                                        || isOver()
                                        || term != at.host.leadingTerm(queue.group()),
                                "%s, number %d: %s has it for %d ms and was not told",
                                queue.name(),
                                sequence,
                                this,
                                most));
    }

    private void settle(long sequence) {
        if (over || !inHand.containsKey(sequence)) {
            return;
        }
        int chance = workload.isHealed() ? 0 : random.nextInt(100);
        if (chance < 70) {
            ack(sequence, sequence);
        } else if (chance < 78 && forgotten.isEmpty()) {
            ack(inHand.firstKey(), sequence);
        } else if (chance < 88) {
            inHand.remove(sequence);
            workload.consumers().released(reader, queue, sequence);
            workload.book().counts.requeued++;
            consumer.settle(sequence, sequence, Settlement.REQUEUE);
        } else if (chance < 95 && queue.settings().deadLetterExchange() != null) {
            inHand.remove(sequence);
            workload.consumers().released(reader, queue, sequence);
            consumer.settle(sequence, sequence, Settlement.REJECT);
        } else {
            // Looks at it again later.
            at.host.in(300 * MS, () -> settle(sequence));
        }
    }

    private void ack(long first, long last) {
        var acked = inHand.subMap(first, true, last, true);
        acked.forEach(
                (sequence, term) -> {
                    workload.book().acked(at.host, term, queue, sequence);
                    workload.consumers().released(reader, queue, sequence);
                });
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
        require(
                isTimed() && timeoutMs == SimTopology.TIMEOUT_MS,
                "%s has a time-out of %d ms",
                queue.name(),
                timeoutMs);
        Long since = forgotten.remove(sequence);
        if (over || since == null) {
            // It has ended, or settled this one in the last moment.
            return;
        }
        long ms = (at.host.nanos() - since) / MS;
        require(
                ms >= SimTopology.TIMEOUT_MS - SimTopology.CLOCKS_MS * 7 / 10,
                "%s, number %d: %s loses it after %d ms",
                queue.name(),
                sequence,
                this,
                ms);
        workload.book().counts.timedOut++;
        close();
    }

    @Override
    public String toString() {
        return "consumer %d of node %d".formatted(reader, at.host.node());
    }
}
