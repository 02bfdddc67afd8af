package io.mainstay.messaging.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.Transaction;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.MessageProperties;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// What is gone after a start anyway is delivered and confirmed while the disk syncs nothing at all; everything else waits.
class MessagesInMemoryTest {

    @TempDir Path directory;

    private final Semaphore maySync = new Semaphore(1);
    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private RealMessaging broker;
    private QueueSession session;

    @BeforeEach
    void open() throws Exception {
        broker = new RealMessaging(directory, Duration.ZERO, this::stoppable);
        session = broker.messaging.open(eventLoop, "test");
    }

    @AfterEach
    void close() throws Exception {
        broker.close();
        eventLoop.shutdown();
    }

    /// Its syncs wait as long as the test holds the permit.
    private Journal stoppable(Journal real) {
        return (Journal)
                Proxy.newProxyInstance(
                        Journal.class.getClassLoader(),
                        new Class<?>[] {Journal.class},
                        (proxy, method, arguments) -> {
                            boolean sync = method.getName().equals("sync");
                            if (sync) {
                                maySync.acquire();
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw Objects.requireNonNull(e.getCause());
                            } finally {
                                if (sync) {
                                    maySync.release();
                                }
                            }
                        });
    }

    private static ComposedMessage message(String text, boolean persistent) {
        MessageProperties values = MessageProperties.NONE.withDeliveryMode(persistent ? 2 : 1);
        return new ComposedMessage(
                "", "q", values, text.getBytes(StandardCharsets.UTF_8), -1, null);
    }

    private CompletableFuture<PublishOutcome> publish(
            String text, boolean persistent, QueueView... targets) {
        CompletableFuture<PublishOutcome> told = new CompletableFuture<>();
        eventLoop.execute(
                () -> {
                    session.publish(
                            message(text, persistent),
                            Arrays.asList(targets),
                            (sequence, outcome) -> told.complete(outcome),
                            0);
                    session.flush();
                });
        return told;
    }

    /// The queue's next message, acknowledged; empty if there is none.
    private String take(QueueView queue) throws Exception {
        CompletableFuture<GetOutcome> told = new CompletableFuture<>();
        eventLoop.execute(() -> session.get(queue, true, told::complete));
        if (!(told.get(60, TimeUnit.SECONDS) instanceof GetOutcome.Got got)) {
            return "";
        }
        return StandardCharsets.UTF_8.decode(got.delivery().message().body()).toString();
    }

    private static PublishOutcome soon(CompletableFuture<PublishOutcome> told) throws Exception {
        return told.get(60, TimeUnit.SECONDS);
    }

    @Test
    void whatIsGoneAfterAStartWaitsForNoSync() throws Exception {
        QueueView passing = broker.declare("passing", false, Map.of());
        assertThat(passing.group()).isEqualTo(RealMessaging.MEMORY_GROUP);
        maySync.acquire();
        for (boolean persistent : new boolean[] {true, false}) {
            assertThat(soon(publish("m", persistent, passing))).isEqualTo(PublishOutcome.CONFIRMED);
            assertThat(take(passing)).isEqualTo("m");
        }
        // Also what is larger than one command may be.
        String large = "x".repeat(2 << 20);
        assertThat(soon(publish(large, false, passing))).isEqualTo(PublishOutcome.CONFIRMED);
        assertThat(take(passing)).isEqualTo(large);
        maySync.release();
    }

    @Test
    void aTransientMessageOfADurableQueueWaitsForNoSync() throws Exception {
        QueueView durable = broker.declare("durable", true, Map.of());
        // The first delivery waits for its reservation, which covers the next thousands.
        soon(publish("first", true, durable));
        assertThat(take(durable)).isEqualTo("first");
        maySync.acquire();
        assertThat(soon(publish("second", false, durable))).isEqualTo(PublishOutcome.CONFIRMED);
        assertThat(take(durable)).isEqualTo("second");
        maySync.release();
    }

    @Test
    void aPersistentMessageOfADurableQueueIsSyncedBeforeAnybodySeesIt() throws Exception {
        QueueView passing = broker.declare("passing", false, Map.of());
        QueueView durable = broker.declare("durable", true, Map.of());
        QueueView quorum = broker.declare("quorum", true, Map.of("x-queue-type", "quorum"));
        soon(publish("first", true, durable));
        assertThat(take(durable)).isEqualTo("first");
        maySync.acquire();
        CompletableFuture<PublishOutcome> persistent = publish("second", true, durable);
        CompletableFuture<PublishOutcome> behind = publish("third", false, durable);
        CompletableFuture<PublishOutcome> replicated = publish("m", false, quorum);
        CompletableFuture<PublishOutcome> both = publish("m", true, passing, durable);
        // The journal has them all when this one has passed.
        assertThat(soon(publish("n", true, passing))).isEqualTo(PublishOutcome.CONFIRMED);
        assertThat(take(passing)).isEqualTo("m");
        assertThat(take(passing)).isEqualTo("n");
        assertThat(take(durable)).isEmpty();
        assertThat(take(quorum)).isEmpty();
        assertThat(List.of(persistent, behind, replicated, both))
                .noneMatch(CompletableFuture::isDone);
        maySync.release();
        for (CompletableFuture<PublishOutcome> told :
                List.of(persistent, behind, replicated, both)) {
            assertThat(soon(told)).isEqualTo(PublishOutcome.CONFIRMED);
        }
        for (String text : List.of("second", "third", "m")) {
            assertThat(take(durable)).isEqualTo(text);
        }
        assertThat(take(quorum)).isEqualTo("m");
    }

    @Test
    void aFullQueueRefusesWithoutASyncToo() throws Exception {
        QueueView full =
                broker.declare(
                        "full", false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        maySync.acquire();
        assertThat(soon(publish("m", true, full))).isEqualTo(PublishOutcome.CONFIRMED);
        assertThat(soon(publish("n", true, full))).isEqualTo(PublishOutcome.REJECTED);
        assertThat(take(full)).isEqualTo("m");
        maySync.release();
    }

    @Test
    void aTransactionInMemoryWaitsForNoSync() throws Exception {
        QueueView passing = broker.declare("passing", false, Map.of());
        soon(publish("m", true, passing));
        maySync.acquire();
        CompletableFuture<GetOutcome> told = new CompletableFuture<>();
        eventLoop.execute(() -> session.get(passing, false, told::complete));
        GetOutcome.Got got = (GetOutcome.Got) told.get(60, TimeUnit.SECONDS);
        CompletableFuture<Boolean> committed = new CompletableFuture<>();
        Transaction transaction =
                new Transaction(
                        List.of(new Transaction.Published(message("n", true), List.of(passing))),
                        List.of(
                                new Transaction.Settled(
                                        passing, got.delivery().sequence(), Settlement.ACK)));
        eventLoop.execute(() -> session.commit(transaction, committed::complete));
        assertThat(committed.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(take(passing)).isEqualTo("n");
        // Also one of more than one entry.
        CompletableFuture<Boolean> large = new CompletableFuture<>();
        List<Transaction.Published> published = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            published.add(
                    new Transaction.Published(
                            message("x".repeat(800 << 10), true), List.of(passing)));
        }
        eventLoop.execute(
                () -> session.commit(new Transaction(published, List.of()), large::complete));
        assertThat(large.get(60, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(take(passing)).hasSize(800 << 10);
        }
        assertThat(take(passing)).isEmpty();
        maySync.release();
    }
}
