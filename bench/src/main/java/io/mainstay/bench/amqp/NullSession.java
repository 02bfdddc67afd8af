package io.mainstay.bench.amqp;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.StoredMessage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// A connection's way to [NullQueue]s: as much of a session as loads need.
final class NullSession implements QueueSession {

    private final NullMessaging messaging;
    private final Executor loop;
    private final List<QueueConsumer> consumers = new ArrayList<>();
    private final List<Unanswered> unanswered = new ArrayList<>();

    private record Unanswered(PublishListener listener, long sequence) {}

    NullSession(NullMessaging messaging, Executor loop) {
        this.messaging = messaging;
        this.loop = loop;
    }

    @Override
    public void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            long sequence) {
        byte[] exchange = message.exchange().getBytes(StandardCharsets.UTF_8);
        byte[] key = message.routingKey().getBytes(StandardCharsets.UTF_8);
        ByteBuffer properties = message.properties();
        ByteBuffer copy =
                ByteBuffer.allocate(
                        StoredMessage.bytes(
                                exchange, key, properties.remaining(), message.bodyBytes()));
        StoredMessage.writeHead(copy, exchange, key, properties);
        message.copyBody(copy);
        StoredMessage stored = new StoredMessage(copy.flip());
        for (QueueView target : targets) {
            messaging.queue(target).add(stored);
        }
        unanswered.add(new Unanswered(listener, sequence));
    }

    @Override
    public void flush() {
        if (!unanswered.isEmpty()) {
            List<Unanswered> now = List.copyOf(unanswered);
            unanswered.clear();
            loop.execute(
                    () ->
                            now.forEach(
                                    one ->
                                            one.listener.published(
                                                    one.sequence, PublishOutcome.CONFIRMED)));
        }
    }

    @Override
    public long bytesUnderWay() {
        return 0;
    }

    @Override
    public boolean heldBack() {
        return false;
    }

    @Override
    public QueueConsumer consume(QueueView queue, ConsumerSpec spec, DeliveryListener listener) {
        QueueConsumer consumer = messaging.queue(queue).consume(spec, listener, loop);
        consumers.add(consumer);
        return consumer;
    }

    @Override
    public void delete(
            QueueView queue, boolean ifUnused, boolean ifEmpty, Consumer<CountOutcome> done) {
        messaging
                .change(new DeleteQueue(queue.vhost(), queue.name(), queue.id()))
                .thenAccept(outcome -> loop.execute(() -> done.accept(new CountOutcome.Done(0))));
    }

    @Override
    public void inspect(QueueView queue, Consumer<QueueStats> done, Consumer<Refused> failed) {
        loop.execute(() -> done.accept(QueueStats.NONE));
    }

    @Override
    public void get(QueueView queue, boolean autoAck, Consumer<GetOutcome> done) {
        loop.execute(() -> done.accept(new GetOutcome.Empty()));
    }

    @Override
    public void settleGot(QueueView queue, long[] sequences, Settlement settlement) {
        // Nothing was got.
    }

    @Override
    public void peek(
            QueueView queue,
            int max,
            long maxBytes,
            Consumer<List<Delivery>> done,
            Consumer<Refused> failed) {
        loop.execute(() -> done.accept(List.of()));
    }

    @Override
    public void purge(QueueView queue, Consumer<CountOutcome> done) {
        loop.execute(() -> done.accept(new CountOutcome.Done(0)));
    }

    @Override
    public void commit(Transaction transaction, Consumer<Boolean> done) {
        loop.execute(() -> done.accept(false));
    }

    @Override
    public void close(Runnable done) {
        consumers.forEach(consumer -> consumer.cancel(() -> {}));
        done.run();
    }
}
