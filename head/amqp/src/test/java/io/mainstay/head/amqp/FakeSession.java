package io.mainstay.head.amqp;

import io.mainstay.head.amqp.FakeQueue.Entry;
import io.mainstay.head.amqp.FakeQueue.FakeConsumer;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.StoredMessage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// A connection's way to the queues of [FakeMessaging].
final class FakeSession implements QueueSession {

    private static final String DOWN = "queue is down or inaccessible";

    private final FakeMessaging messaging;
    private final Executor executor;
    private final List<Runnable> unflushed = new ArrayList<>();
    private final List<FakeConsumer> consumers = new ArrayList<>();
    private final Set<FakeQueue> got = new LinkedHashSet<>();

    FakeSession(FakeMessaging messaging, Executor executor) {
        this.messaging = messaging;
        this.executor = executor;
    }

    void later(Runnable callback) {
        try {
            executor.execute(callback);
        } catch (RejectedExecutionException ended) {
            // As in the real one: the event loop has ended.
        }
    }

    @Override
    public boolean heldBack() {
        return false;
    }

    @Override
    public void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            long sequence) {
        StoredMessage stored = stored(message);
        List<QueueView> copy = List.copyOf(targets);
        unflushed.add(
                () ->
                        messaging.publish(
                                () -> {
                                    boolean full = put(stored, copy);
                                    later(
                                            () ->
                                                    listener.published(
                                                            sequence,
                                                            full
                                                                    ? PublishOutcome.REJECTED
                                                                    : PublishOutcome.CONFIRMED));
                                }));
    }

    /// @return whether a queue refused
    private boolean put(StoredMessage message, List<QueueView> targets) {
        boolean full = false;
        for (QueueView target : targets) {
            FakeQueue queue = messaging.queue(target);
            long most = target.settings().maxLength();
            if (most >= 0 && queue.ready() >= most) {
                full = true;
            } else {
                queue.add(message);
            }
        }
        return full;
    }

    private static StoredMessage stored(OutgoingMessage message) {
        byte[] exchange = message.exchange().getBytes(StandardCharsets.UTF_8);
        byte[] key = message.routingKey().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(
                        StoredMessage.bytes(
                                exchange,
                                key,
                                message.properties().remaining(),
                                message.bodyBytes()));
        StoredMessage.writeHead(bytes, exchange, key, message.properties());
        message.copyBody(bytes);
        return new StoredMessage(bytes.flip());
    }

    @Override
    public void flush() {
        List<Runnable> all = List.copyOf(unflushed);
        unflushed.clear();
        all.forEach(Runnable::run);
    }

    @Override
    public long bytesUnderWay() {
        return 0;
    }

    @Override
    public QueueConsumer consume(QueueView view, ConsumerSpec spec, DeliveryListener listener) {
        synchronized (messaging) {
            FakeQueue queue = messaging.queue(view);
            FakeConsumer consumer = new FakeConsumer(this, queue, spec, listener);
            if (!messaging.isUp(view)) {
                later(() -> listener.refused(consumer, Reason.INACCESSIBLE, DOWN));
                return consumer;
            }
            if (queue.exclusivelyConsumed() || (spec.exclusive() && queue.consumers() > 0)) {
                later(
                        () ->
                                listener.refused(
                                        consumer,
                                        Reason.ACCESS_REFUSED,
                                        "queue '%s' in vhost '%s' in exclusive use"
                                                .formatted(view.name(), view.vhost())));
                return consumer;
            }
            consumers.add(consumer);
            queue.consume(consumer);
            later(() -> listener.subscribed(consumer));
            queue.pump();
            return consumer;
        }
    }

    @Override
    public void get(QueueView view, boolean autoAck, Consumer<GetOutcome> done) {
        if (!messaging.isUp(view)) {
            later(() -> done.accept(new GetOutcome.Failed(Reason.INACCESSIBLE, DOWN)));
            return;
        }
        synchronized (messaging) {
            FakeQueue queue = messaging.queue(view);
            Entry entry = queue.take(this, autoAck);
            got.add(queue);
            long left = queue.ready();
            later(
                    () ->
                            done.accept(
                                    entry == null
                                            ? new GetOutcome.Empty()
                                            : new GetOutcome.Got(entry.delivery(), left)));
        }
    }

    @Override
    public void settleGot(QueueView queue, long[] sequences, Settlement settlement) {
        synchronized (messaging) {
            for (long sequence : sequences) {
                messaging.queue(queue).settle(this, sequence, sequence, settlement);
            }
        }
    }

    @Override
    public void peek(
            QueueView view,
            int max,
            long maxBytes,
            Consumer<List<Delivery>> done,
            Consumer<Refused> failed) {
        throw new UnsupportedOperationException("no method of AMQP looks without taking");
    }

    @Override
    public void purge(QueueView queue, Consumer<CountOutcome> done) {
        if (!messaging.isUp(queue)) {
            later(() -> done.accept(new CountOutcome.Refused(Reason.INACCESSIBLE, DOWN)));
            return;
        }
        synchronized (messaging) {
            int dropped = messaging.queue(queue).purge();
            later(() -> done.accept(new CountOutcome.Done(dropped)));
        }
    }

    @Override
    public void delete(
            QueueView view, boolean ifUnused, boolean ifEmpty, Consumer<CountOutcome> done) {
        if (!messaging.isUp(view)) {
            later(() -> done.accept(new CountOutcome.Refused(Reason.INACCESSIBLE, DOWN)));
            return;
        }
        synchronized (messaging) {
            FakeQueue queue = messaging.queue(view);
            String shown = "queue '%s' in vhost '%s'".formatted(view.name(), view.vhost());
            CountOutcome outcome;
            if (ifUnused && queue.consumers() > 0) {
                outcome = new CountOutcome.Refused(Reason.PRECONDITION_FAILED, shown + " in use");
            } else if (ifEmpty && queue.ready() > 0) {
                outcome =
                        new CountOutcome.Refused(Reason.PRECONDITION_FAILED, shown + " not empty");
            } else {
                outcome = new CountOutcome.Done(queue.ready());
                var unused =
                        messaging.change(
                                new TopologyChange.DeleteQueue(
                                        view.vhost(), view.name(), view.id()));
            }
            later(() -> done.accept(outcome));
        }
    }

    @Override
    public void inspect(QueueView queue, Consumer<QueueStats> done, Consumer<Refused> failed) {
        if (!messaging.isUp(queue)) {
            later(() -> failed.accept(new Refused(Reason.INACCESSIBLE, DOWN)));
            return;
        }
        QueueStats stats = messaging.stats(queue);
        later(() -> done.accept(stats));
    }

    @Override
    public void commit(Transaction transaction, Consumer<Boolean> done) {
        synchronized (messaging) {
            transaction.publishes().forEach(p -> put(stored(p.message()), p.targets()));
            for (Transaction.Settled settled : transaction.settles()) {
                FakeQueue queue = messaging.queue(settled.queue());
                List<Object> holders = new ArrayList<>(consumers);
                holders.add(this);
                for (Object holder : holders) {
                    queue.settle(
                            holder, settled.sequence(), settled.sequence(), settled.settlement());
                }
            }
            later(() -> done.accept(true));
        }
    }

    @Override
    public void close(Runnable done) {
        synchronized (messaging) {
            for (FakeConsumer consumer : consumers) {
                FakeQueue queue = messaging.queue(consumer.queue());
                queue.leave(consumer);
                queue.returnAll(consumer);
            }
            for (FakeQueue queue : got) {
                queue.returnAll(this);
            }
        }
        later(done);
    }
}
