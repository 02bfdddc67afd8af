package io.mainstay.bench.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A publisher that sends on a schedule, whatever the broker does, and a consumer beside it: latencies count from when a message should have been sent.
final class PacedLoad {

    private static final String QUEUE = "paced";
    private static final long PATIENCE_SECONDS = 30;

    private final Target target;
    private final int size;
    private final int perSecond;
    private final int prefetch;

    PacedLoad(Target target, int size, int perSecond, int prefetch) {
        this.target = target;
        this.size = size;
        this.perSecond = perSecond;
        this.prefetch = prefetch;
    }

    /// @param delivered from publisher to consumer, in microseconds
    /// @param confirmed from publish to confirm, in microseconds
    record Latencies(Histogram delivered, Histogram confirmed, double cpuSeconds, long messages) {

        static Latencies sum(List<Latencies> all) {
            Histogram delivered = new Histogram(3);
            Histogram confirmed = new Histogram(3);
            double cpu = 0;
            long messages = 0;
            for (Latencies one : all) {
                delivered.add(one.delivered);
                confirmed.add(one.confirmed);
                cpu += one.cpuSeconds;
                messages += one.messages;
            }
            return new Latencies(delivered, confirmed, cpu, messages);
        }

        double cpuPerMillion() {
            return cpuSeconds * 1e6 / messages;
        }
    }

    static String text(Histogram micros) {
        return "%.1f/%.1f/%.1f/%.1f"
                .formatted(
                        micros.getValueAtPercentile(50) / 1e3,
                        micros.getValueAtPercentile(99) / 1e3,
                        micros.getValueAtPercentile(99.9) / 1e3,
                        micros.getMaxValue() / 1e3);
    }

    Latencies run(int seconds) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(target.uri());
        Histogram delivered = new SynchronizedHistogram(3);
        Histogram confirmed = new SynchronizedHistogram(3);
        ConcurrentSkipListMap<Long, Long> unconfirmed = new ConcurrentSkipListMap<>();
        try (Connection in = factory.newConnection();
                Connection out = factory.newConnection()) {
            Channel publisher = in.createChannel();
            publisher.queueDeclare(
                    QUEUE, true, false, false, Map.of("x-queue-type", target.queueType()));
            publisher.confirmSelect();
            publisher.addConfirmListener(
                    (tag, multiple) -> {
                        long now = System.nanoTime();
                        var answered =
                                multiple
                                        ? unconfirmed.headMap(tag, true)
                                        : unconfirmed.subMap(tag, true, tag, true);
                        answered.values()
                                .forEach(sent -> confirmed.recordValue((now - sent) / 1_000));
                        answered.clear();
                    },
                    (tag, multiple) -> System.out.println("the broker refused a message"));
            Channel consumer = out.createChannel();
            consumer.basicQos(prefetch);
            consumer.basicConsume(
                    QUEUE,
                    false,
                    (tag, message) -> {
                        long sent = ByteBuffer.wrap(message.getBody()).getLong();
                        delivered.recordValue((System.nanoTime() - sent) / 1_000);
                        consumer.basicAck(message.getEnvelope().getDeliveryTag(), false);
                    },
                    tag -> {});
            double cpuBefore = target.server().cpuSeconds();
            long messages = publish(publisher, unconfirmed, seconds);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (delivered.getTotalCount() < messages && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            double cpu = target.server().cpuSeconds() - cpuBefore;
            if (delivered.getTotalCount() < messages) {
                throw new IllegalStateException(
                        "%s delivered %,d of %,d messages"
                                .formatted(target.name(), delivered.getTotalCount(), messages));
            }
            publisher.queueDelete(QUEUE);
            return new Latencies(delivered, confirmed, cpu, messages);
        }
    }

    private long publish(
            Channel channel, ConcurrentSkipListMap<Long, Long> unconfirmed, int seconds)
            throws Exception {
        BasicProperties persistent = new BasicProperties.Builder().deliveryMode(2).build();
        long messages = (long) perSecond * seconds;
        long begun = System.nanoTime();
        for (long i = 0; i < messages; i++) {
            long due = begun + i * 1_000_000_000L / perSecond;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            byte[] body = new byte[size];
            ByteBuffer.wrap(body).putLong(due);
            unconfirmed.put(channel.getNextPublishSeqNo(), due);
            channel.basicPublish("", QUEUE, persistent, body);
        }
        return messages;
    }
}
