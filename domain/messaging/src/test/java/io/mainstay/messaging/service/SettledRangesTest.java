package io.mainstay.messaging.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.message.MessageProperties;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A consumer acknowledges what it has heard of. The simulation of queues found that a range took what was still on its way with it (three voters, seed 3 of its
/// time): nobody had acknowledged that message, and it was gone.
class SettledRangesTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path directory;

    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private RealMessaging broker;
    private QueueSession session;
    private QueueView queue;

    /// Notes what comes.
    private static final class Heard implements DeliveryListener {
        final List<Long> sequences = new CopyOnWriteArrayList<>();

        @Override
        public void subscribed(QueueConsumer consumer) {}

        @Override
        public void refused(QueueConsumer consumer, Reason reason, String message) {}

        @Override
        public void delivered(QueueConsumer consumer, Delivery delivery) {
            sequences.add(delivery.sequence());
        }

        @Override
        public void deliveredAll() {}

        @Override
        public void cancelled(QueueConsumer consumer, String why) {}

        @Override
        public void timedOut(QueueConsumer consumer, long sequence, long timeoutMs) {}
    }

    @BeforeEach
    void open() throws Exception {
        broker = new RealMessaging(directory, Duration.ZERO, journal -> journal);
        session = broker.messaging.open(eventLoop, "test");
        queue = broker.declare("q", true, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
        eventLoop.shutdown();
    }

    private void publish() throws Exception {
        CompletableFuture<PublishOutcome> told = new CompletableFuture<>();
        eventLoop.execute(
                () -> {
                    session.publish(
                            new ComposedMessage(
                                    "",
                                    "q",
                                    MessageProperties.NONE.withDeliveryMode(2),
                                    new byte[8],
                                    -1,
                                    null),
                            List.of(queue),
                            (sequence, outcome) -> told.complete(outcome),
                            0);
                    session.flush();
                });
        assertThat(told.get(60, TimeUnit.SECONDS)).isEqualTo(PublishOutcome.CONFIRMED);
    }

    private QueueStats inspect() throws Exception {
        CompletableFuture<QueueStats> told = new CompletableFuture<>();
        eventLoop.execute(() -> session.inspect(queue, told::complete, refused -> {}));
        return told.get(60, TimeUnit.SECONDS);
    }

    private QueueConsumer consume(QueueSession by, Heard heard) {
        ConsumerSpec spec =
                new ConsumerSpec("tag", false, false, 0, 0, null, new StreamOffset.Next());
        return by.consume(queue, spec, heard);
    }

    private static void run(LinkedBlockingQueue<Runnable> tasks) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void aRangeLeavesWhatIsStillOnItsWay() throws Exception {
        LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        QueueSession slow = broker.messaging.open(tasks::add, "slow");
        Heard heard = new Heard();
        QueueConsumer consumer = consume(slow, heard);
        QueueSession other = broker.messaging.open(eventLoop, "other");
        Heard another = new Heard();
        CompletableFuture<QueueConsumer> there = new CompletableFuture<>();
        eventLoop.execute(() -> there.complete(consume(other, another)));
        there.get(60, TimeUnit.SECONDS);
        await().atMost(SOON).until(() -> inspect().consumers() == 2);
        for (int i = 0; i < 4; i++) {
            publish();
        }
        await().atMost(SOON)
                .until(
                        () -> {
                            run(tasks);
                            return heard.sequences.size() == 2 && another.sequences.size() == 2;
                        });
        long first = heard.sequences.getFirst();
        long last = heard.sequences.getLast();
        assertThat(last).isEqualTo(first + 2);
        // What lies between comes to the slow one, which does not look at it yet.
        eventLoop.execute(other::close);
        await().atMost(SOON).until(() -> inspect().consumers() == 1 && inspect().unacked() == 4);
        consumer.settle(first, last, Settlement.ACK);
        assertThat(inspect().unacked()).isEqualTo(2);
        run(tasks);
        assertThat(heard.sequences).hasSize(4).contains(first + 1);
        consumer.settle(first, last, Settlement.ACK);
        assertThat(inspect().unacked()).isEqualTo(1);
    }
}
