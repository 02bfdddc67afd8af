package io.mainstay.messaging.service;

import static io.mainstay.messaging.topology.Machines.VHOST;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueSession.Transaction;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.queue.command.QueueCommandCodec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What a queue does at its leader when the disk is slow, and what it leaves behind in memory.
class LedQueuesTest {

    @TempDir Path directory;

    private final Semaphore maySync = new Semaphore(1);
    private final Semaphore mayRead = new Semaphore(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private RealMessaging broker;
    private QueueSession session;

    @BeforeEach
    void open() throws Exception {
        broker = new RealMessaging(directory, Duration.ofMinutes(30), this::watched);
        session = broker.messaging.open(eventLoop, "test");
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
        eventLoop.shutdown();
    }

    /// What was stored before is in no memory afterwards: as much again has pushed it out.
    private void cool() throws Exception {
        QueueView filler = broker.declare("filler", true, Map.of());
        for (int i = 0; i < 10; i++) {
            publish(8, 880_000, filler);
        }
    }

    /// Its syncs and reads wait as long as the test holds their permit.
    private Journal watched(Journal real) {
        return (Journal)
                Proxy.newProxyInstance(
                        Journal.class.getClassLoader(),
                        new Class<?>[] {Journal.class},
                        (proxy, method, arguments) -> {
                            Semaphore gate =
                                    switch (method.getName()) {
                                        case "sync" -> maySync;
                                        case "read" -> mayRead;
                                        default -> new Semaphore(1);
                                    };
                            gate.acquire();
                            try {
                                reads.addAndGet(gate == mayRead ? 1 : 0);
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw Objects.requireNonNull(e.getCause());
                            } finally {
                                gate.release();
                            }
                        });
    }

    private <T> T asked(Consumer<Consumer<T>> question) throws Exception {
        CompletableFuture<T> told = new CompletableFuture<>();
        eventLoop.execute(() -> question.accept(told::complete));
        return told.get(60, TimeUnit.SECONDS);
    }

    private static void await(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private QueueStats stats(QueueView queue) throws Exception {
        return asked(told -> session.inspect(queue, told, refused -> {}));
    }

    /// Published together, and all of them confirmed.
    private void publish(int count, int bytes, QueueView... targets) throws Exception {
        List<CompletableFuture<PublishOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < count * targets.length; i++) {
            answers.add(new CompletableFuture<>());
        }
        eventLoop.execute(
                () -> {
                    for (int i = 0; i < answers.size(); i++) {
                        var answer = answers.get(i);
                        session.publish(
                                message(bytes),
                                List.of(targets[i % targets.length]),
                                (sequence, outcome) -> answer.complete(outcome),
                                0);
                    }
                    session.flush();
                });
        for (CompletableFuture<PublishOutcome> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(PublishOutcome.CONFIRMED);
        }
    }

    private static ComposedMessage message(int bytes) {
        byte[] body = "m".repeat(bytes).getBytes(StandardCharsets.UTF_8);
        return new ComposedMessage(
                "", "q", MessageProperties.NONE.withDeliveryMode(2), body, -1, null);
    }

    /// A consumer that keeps what it gets.
    private static final class Taking implements DeliveryListener {
        final BlockingQueue<Delivery> came = new LinkedBlockingQueue<>();
        final CompletableFuture<QueueConsumer> subscribed = new CompletableFuture<>();
        final CompletableFuture<String> cancelled = new CompletableFuture<>();

        @Override
        public void subscribed(QueueConsumer consumer) {
            subscribed.complete(consumer);
        }

        @Override
        public void refused(QueueConsumer consumer, TopologyOutcome.Reason reason, String message) {
            subscribed.completeExceptionally(new AssertionError(message));
        }

        @Override
        public void delivered(QueueConsumer consumer, Delivery delivery) {
            came.add(delivery);
        }

        @Override
        public void deliveredAll() {}

        @Override
        public void cancelled(QueueConsumer consumer, String why) {
            cancelled.complete(why);
        }

        @Override
        public void timedOut(QueueConsumer consumer, long sequence, long timeoutMs) {}

        Delivery next() throws InterruptedException {
            return Objects.requireNonNull(came.poll(60, TimeUnit.SECONDS), "nothing came");
        }
    }

    private Taking consume(QueueView queue, int prefetch, int priority) throws Exception {
        Taking taking = new Taking();
        ConsumerSpec spec =
                new ConsumerSpec(
                        "t", false, false, prefetch, priority, null, new StreamOffset.Next());
        eventLoop.execute(() -> session.consume(queue, spec, taking));
        taking.subscribed.get(60, TimeUnit.SECONDS);
        return taking;
    }

    @Test
    void whoAsksForAMessageThatGoesWhileItIsReadIsTold() throws Exception {
        QueueView queue = broker.declare("q", true, Map.of());
        publish(1, 10, queue);
        cool();
        mayRead.acquire();
        CompletableFuture<GetOutcome> got = new CompletableFuture<>();
        eventLoop.execute(() -> session.get(queue, true, got::complete));
        await("it is read", mayRead::hasQueuedThreads);
        QueueSession other = broker.messaging.open(eventLoop, "other");
        CountOutcome purged = asked(told -> other.purge(queue, told));
        assertThat(purged).isEqualTo(new CountOutcome.Done(1));
        assertThat(got.get(60, TimeUnit.SECONDS)).isInstanceOf(GetOutcome.Empty.class);
        mayRead.release();
    }

    @Test
    void aBacklogIsNotReadAgainForConsumersThatCanTakeNoMore() throws Exception {
        QueueView queue = broker.declare("q", true, Map.of());
        // Each is a batch of its own.
        for (int i = 0; i < 30; i++) {
            publish(1, 10, queue);
        }
        cool();
        Taking taking = consume(queue, 1, 0);
        taking.next();
        reads.set(0);
        for (int i = 0; i < 20; i++) {
            publish(1, 10, queue);
            stats(queue);
        }
        // What lies ahead may still be on its way at the beginning.
        assertThat(reads).hasValueLessThan(40);
    }

    @Test
    void whatWaitsForAConsumerHoldsNothingElseInMemory() throws Exception {
        QueueView queue = broker.declare("q", true, Map.of());
        QueueView other = broker.declare("other", true, Map.of());
        // They share batches.
        publish(10, 10_000, queue, other);
        cool();
        Taking taking = consume(queue, 0, 0);
        for (int i = 0; i < 10; i++) {
            assertThat(taking.next().message().body().array().length).isLessThan(11_000);
        }
    }

    @Test
    void headersCountAmongWhatAConnectionHasUnderWay() throws Exception {
        QueueView queue = broker.declare("q", true, Map.of());
        MessageProperties headers =
                MessageProperties.NONE
                        .withDeliveryMode(2)
                        .withHeaders(new FieldTable(Map.of("h", "x".repeat(50_000))));
        ComposedMessage message = new ComposedMessage("", "q", headers, new byte[0], -1, null);
        maySync.acquire();
        CompletableFuture<PublishOutcome> answer = new CompletableFuture<>();
        long underWay =
                asked(
                        told -> {
                            session.publish(
                                    message,
                                    List.of(queue),
                                    (sequence, outcome) -> answer.complete(outcome),
                                    0);
                            told.accept(session.bytesUnderWay());
                            session.flush();
                        });
        assertThat(underWay).isGreaterThan(50_000);
        maySync.release();
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(PublishOutcome.CONFIRMED);
        assertThat(this.<Long>asked(told -> told.accept(session.bytesUnderWay()))).isZero();
    }

    /// As many queues may be bound to one exchange as there are clients.
    @Test
    void aMessageGoesToMoreQueuesThanACommandTakes() throws Exception {
        QueueView queue = broker.declare("q", false, Map.of());
        int copies = QueueCommandCodec.MAX_TARGETS + 7_000;
        CompletableFuture<PublishOutcome> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> committed = new CompletableFuture<>();
        List<QueueView> targets = Collections.nCopies(copies, queue);
        eventLoop.execute(
                () -> {
                    session.publish(
                            message(10),
                            targets,
                            (sequence, outcome) -> answer.complete(outcome),
                            0);
                    session.flush();
                    Transaction transaction =
                            new Transaction(
                                    List.of(new Transaction.Published(message(10), targets)),
                                    List.of());
                    session.commit(transaction, committed::complete);
                });
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(PublishOutcome.CONFIRMED);
        assertThat(committed.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(stats(queue).ready()).isEqualTo(2 * copies);
    }

    @Test
    void whoLosesAQueueHoldsNothingOfIt() throws Exception {
        WeakReference<QueueView> gone = new WeakReference<>(consumedAndDeleted());
        await(
                "the queue is forgotten",
                () -> {
                    System.gc();
                    return gone.refersTo(null);
                });
    }

    private QueueView consumedAndDeleted() throws Exception {
        QueueView queue = broker.declare("q", false, Map.of());
        Taking taking = consume(queue, 0, 0);
        publish(1, 10, queue);
        taking.next();
        broker.topology
                .change(new TopologyChange.DeleteQueue(VHOST, "q", queue.id()))
                .get(60, TimeUnit.SECONDS);
        taking.cancelled.get(60, TimeUnit.SECONDS);
        return queue;
    }

    @Test
    void deadLettersThatCannotBeStoredYetAreBounded() throws Exception {
        int messages = 5_000;
        QueueView dead = broker.declare("dead", true, Map.of("x-queue-type", "quorum"));
        QueueView queue =
                broker.declare(
                        "q",
                        false,
                        Map.of(
                                "x-max-length",
                                1,
                                "x-dead-letter-exchange",
                                "",
                                "x-dead-letter-routing-key",
                                "dead"));
        maySync.acquire();
        publish(messages, 10, queue);
        // Some are under way, the others are where they were.
        assertThat(stats(queue).ready()).isGreaterThan(messages / 2);
        maySync.release();
        await("all are dead but one", () -> broker.messaging.stats(dead).ready() == messages - 1);
        assertThat(stats(queue).ready()).isEqualTo(1);
    }

    /// More than one turn of the queue lets go.
    @Test
    void whatIsTooMuchOrTooOldGoesWholeOverSeveralTurns() throws Exception {
        int messages = 10_000;
        QueueView queue = broker.declare("q", true, Map.of());
        publish(messages, 10, queue);
        putPolicy(Map.of("max-length", 9_000));
        await("the surplus is gone", () -> broker.messaging.stats(queue).ready() == 9_000);
        putPolicy(Map.of("message-ttl", 1));
        await("all are too old", () -> broker.messaging.stats(queue).ready() == 0);
    }

    private void putPolicy(Map<String, Object> definition) throws Exception {
        broker.topology
                .change(
                        new TopologyChange.PutPolicy(
                                VHOST, "p", "q", "queues", 0, new FieldTable(definition), false))
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void aRejectedBacklogIsDeadLetteredWhole() throws Exception {
        int messages = 5_000;
        QueueView dead = broker.declare("dead", true, Map.of("x-queue-type", "quorum"));
        QueueView queue =
                broker.declare(
                        "q",
                        false,
                        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        publish(messages, 10, queue);
        Taking taking = consume(queue, 0, 0);
        long first = taking.next().sequence();
        for (int i = 2; i < messages; i++) {
            taking.next();
        }
        long last = taking.next().sequence();
        QueueConsumer consumer = taking.subscribed.get();
        maySync.acquire();
        eventLoop.execute(() -> consumer.settle(first, last, Settlement.REJECT));
        stats(queue);
        maySync.release();
        await("all are dead", () -> broker.messaging.stats(dead).ready() == messages);
    }

    /// Otherwise two would work at a time.
    @Test
    void aMoreUrgentSingleConsumerWaitsUntilThePresentOneHasNothingInHand() throws Exception {
        QueueView queue = broker.declare("q", true, Map.of("x-single-active-consumer", true));
        Taking first = consume(queue, 1, 0);
        publish(1, 10, queue);
        Delivery held = first.next();
        Taking urgent = consume(queue, 1, 5);
        publish(2, 10, queue);
        assertThat(stats(queue).ready()).isEqualTo(2);
        assertThat(urgent.came).isEmpty();
        QueueConsumer consumer = first.subscribed.get();
        eventLoop.execute(() -> consumer.settle(held.sequence(), held.sequence(), Settlement.ACK));
        urgent.next();
        assertThat(first.came).isEmpty();
    }
}
