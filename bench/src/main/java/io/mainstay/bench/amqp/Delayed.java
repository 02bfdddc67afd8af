package io.mainstay.bench.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import org.HdrHistogram.ConcurrentHistogram;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Many messages that wait at a delayed exchange of our node, due at random in some minutes, while consumers have nothing else to do: how late
/// each is, and what those that wait take of the heap. RabbitMQ 3.10 has no such exchange of its own.
final class Delayed implements Scenario {

    private static final int CONSUMERS = 100;
    private static final int PREFETCH = 100;
    private static final int SIZE = 100;

    private static final int WARM_UP = 40_000;

    /// Small, since a message that waits for its turn at the publisher would count as late.
    private static final int WINDOW = 500;

    private static final long PATIENCE_MS = 60_000;
    private static final String EXCHANGE = "later";
    private static final String QUEUE = "due";
    private static final long HIGHEST_MS = 3_600_000;

    @Override
    public String name() {
        return "delays";
    }

    @Override
    public void run(Brokers brokers, Plan plan) throws Exception {
        try (RestartedNode node = brokers.ownNode("delays")) {
            new Run(node, plan.delayed(), plan.spreadSeconds() * 1_000L).all();
        }
    }

    private static final class Run {
        private final RestartedNode node;
        private final int messages;
        private final long spreadMs;
        private final ConnectionFactory factory = new ConnectionFactory();
        private final ConcurrentHistogram lateMs = new ConcurrentHistogram(HIGHEST_MS, 3);
        private final ConcurrentHistogram earlyMs = new ConcurrentHistogram(HIGHEST_MS, 3);

        Run(RestartedNode node, int messages, long spreadMs) {
            this.node = node;
            this.messages = messages;
            this.spreadMs = spreadMs;
            factory.setHost("127.0.0.1");
            factory.setPort(node.port());
        }

        void all() throws Exception {
            System.out.printf(
                    "%n%,d messages of %d B at a delayed exchange, due within %d s, %d consumers%n",
                    messages, SIZE, spreadMs / 1_000, CONSUMERS);
            try (Connection connection = factory.newConnection();
                    Connection consumers = factory.newConnection()) {
                Channel channel = connection.createChannel();
                channel.exchangeDeclare(
                        EXCHANGE,
                        "x-delayed-message",
                        true,
                        false,
                        Map.of("x-delayed-type", "direct"));
                channel.queueDeclare(QUEUE, true, false, false, Map.of());
                channel.queueBind(QUEUE, EXCHANGE, QUEUE);
                for (int i = 0; i < CONSUMERS; i++) {
                    consume(consumers);
                }
                // Both ways are warm when it matters.
                long now = System.currentTimeMillis();
                publish(channel, WARM_UP, now, now + 2_000);
                double perSecond = WARM_UP * 1e3 / (System.currentTimeMillis() - now);
                awaitAll(WARM_UP, now + 2_000);
                lateMs.reset();
                earlyMs.reset();

                long heapBefore = node.heapBytes();
                double cpuBefore = node.cpuSeconds();
                long from =
                        System.currentTimeMillis()
                                + (long) (1_000L * messages / perSecond)
                                + 10_000;
                publish(channel, messages, from, from + spreadMs);
                long left = from - System.currentTimeMillis();
                System.out.printf(
                        "published %.1f s before the first is due; %.1f CPU-s per million%n",
                        left / 1e3, (node.cpuSeconds() - cpuBefore) * 1e6 / messages);
                long heapAfter = node.heapBytes();
                System.out.printf(
                        "heap after a collection: %,d MiB before, %,d MiB with the messages: %+,d MB; RSS %,d MiB%n",
                        heapBefore >> 20,
                        heapAfter >> 20,
                        (heapAfter - heapBefore) / 1_000_000,
                        node.residentKiB() >> 10);
                cpuBefore = node.cpuSeconds();
                awaitAll(messages, from + spreadMs);
                System.out.printf(
                        "delivered %,d of %,d; %.1f CPU-s per million%n",
                        lateMs.getTotalCount(),
                        messages,
                        (node.cpuSeconds() - cpuBefore) * 1e6 / messages);
                System.out.printf(
                        "late by ms: p50 %d, p99 %d, p99.9 %d, most %d; early by at most %d%n",
                        lateMs.getValueAtPercentile(50),
                        lateMs.getValueAtPercentile(99),
                        lateMs.getValueAtPercentile(99.9),
                        lateMs.getMaxValue(),
                        earlyMs.getMaxValue());
            }
        }

        private void consume(Connection connection) throws Exception {
            Channel channel = connection.createChannel();
            channel.basicQos(PREFETCH);
            channel.basicConsume(
                    QUEUE,
                    false,
                    (tag, delivery) -> {
                        long late =
                                System.currentTimeMillis()
                                        - ByteBuffer.wrap(delivery.getBody()).getLong();
                        lateMs.recordValue(Math.clamp(late, 0, HIGHEST_MS));
                        earlyMs.recordValue(Math.clamp(-late, 0, HIGHEST_MS));
                        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                    },
                    tag -> {});
        }

        /// Due at random between the two times, which are Unix time.
        private void publish(Channel channel, int count, long fromMs, long toMs) throws Exception {
            channel.confirmSelect();
            Semaphore room = new Semaphore(WINDOW);
            ConcurrentSkipListSet<Long> unconfirmed = new ConcurrentSkipListSet<>();
            channel.clearConfirmListeners();
            channel.addConfirmListener(
                    (tag, multiple) -> {
                        var answered = unconfirmed.subSet(multiple ? 0L : tag, true, tag, true);
                        int gained = answered.size();
                        answered.clear();
                        room.release(gained);
                    },
                    (tag, multiple) -> System.out.println("the broker refused a delayed message"));
            Random random = new Random(1);
            for (int i = 0; i < count; i++) {
                if (!room.tryAcquire(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("the broker does not confirm");
                }
                long due = random.nextLong(fromMs, toMs);
                byte[] body = new byte[SIZE];
                ByteBuffer.wrap(body).putLong(due);
                unconfirmed.add(channel.getNextPublishSeqNo());
                channel.basicPublish(
                        EXCHANGE,
                        QUEUE,
                        new BasicProperties.Builder()
                                .deliveryMode(2)
                                .headers(
                                        Map.of(
                                                "x-delay",
                                                Math.max(0, due - System.currentTimeMillis())))
                                .build(),
                        body);
            }
            if (!room.tryAcquire(WINDOW, PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the broker does not confirm");
            }
        }

        private void awaitAll(int count, long dueMs) throws InterruptedException {
            while (lateMs.getTotalCount() < count
                    && System.currentTimeMillis() < dueMs + PATIENCE_MS) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }
}
