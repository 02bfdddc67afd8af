package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// A few messages wait in a queue that nobody reads while many times the size of the journal passes through other queues, of their raft group and of
/// others: the disk does not fill up, and they are delivered as they came, whatever happened to the node meanwhile.
class WaitingMessageTest {
    private static final int MIB = 1 << 20;
    private static final int SEGMENT_MIB = 16;

    /// Through the queues before the kill, and again after it.
    private static final int PASSING_MIB = Boolean.getBoolean("mainstay.long") ? 2_048 : 96;

    /// What the journal may have: four segments that bodies hold, the logs of the groups, what a move has under way, and spares.
    private static final int MOST_MIB = 10 * SEGMENT_MIB;

    private static final int PASSING_BYTES = 64 << 10;
    private static final int WINDOW = 128;
    private static final int BEFORE_KILL = 1_000;

    /// So many that some are in the same raft group.
    private static final int PASSED = 16;

    private static final String WAITING = "waiting";
    private static final int[] SIZES = {0, 1, 1_000, 100_000, 3 * MIB};

    @TempDir Path folder;

    @Test
    void theDiskDoesNotFillUpAndTheyAreDeliveredAsTheyCame() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's disk");
        List<byte[]> waiting = new ArrayList<>();
        for (int bytes : SIZES) {
            byte[] body = new byte[bytes];
            new Random(bytes).nextBytes(body);
            waiting.add(body);
        }
        try (NodeProcess node =
                NodeProcess.start(folder, "journal.segment-bytes=" + SEGMENT_MIB + "MiB")) {
            Broker broker = Broker.of(node);
            try (Connection connection = broker.factory().newConnection()) {
                Channel channel = connection.createChannel();
                channel.confirmSelect();
                channel.queueDeclare(WAITING, true, false, false, null);
                for (byte[] body : waiting) {
                    channel.basicPublish(
                            "", WAITING, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
                }
                channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
                passBy(connection, new AtomicLong());
            }
            awaitSmallJournal();
            AtomicLong published = new AtomicLong();
            Thread killed = Thread.ofPlatform().start(() -> passByUntilKilled(broker, published));
            Conditions.await(
                    "some to have passed", Amqp.SOON, () -> published.get() >= BEFORE_KILL);
            node.kill();
            killed.join();
            node.startAgain();
            try (Connection connection = broker.factory().newConnection()) {
                passBy(connection, new AtomicLong());
                awaitSmallJournal();
                System.out.printf(
                        "WaitingMessageTest: %d MiB passed, the journal has %d MiB%n",
                        2 * PASSING_MIB + published.get() * PASSING_BYTES / MIB,
                        journalBytes() / MIB);
                Channel channel = connection.createChannel();
                for (byte[] body : waiting) {
                    GetResponse got = Amqp.take(channel, WAITING);
                    assertThat(got.getBody()).isEqualTo(body);
                }
                assertThat(Amqp.ready(channel, WAITING)).isZero();
            }
        }
    }

    private static void passByUntilKilled(Broker broker, AtomicLong published) {
        try (Connection connection = broker.factory().newConnection()) {
            while (true) {
                passBy(connection, published);
            }
        } catch (Exception killedWithTheNode) {
            // As planned.
        }
    }

    private static void passBy(Connection connection, AtomicLong published) throws Exception {
        Channel consumer = connection.createChannel();
        AtomicLong passed = new AtomicLong();
        for (int i = 0; i < PASSED; i++) {
            String queue = "passed-" + i;
            consumer.queueDeclare(queue, true, false, false, null);
            consumer.basicConsume(
                    queue,
                    true,
                    new DefaultConsumer(consumer) {
                        @Override
                        public void handleDelivery(
                                String tag, Envelope envelope, BasicProperties as, byte[] body) {
                            passed.addAndGet(body.length);
                        }
                    });
        }
        Channel publisher = connection.createChannel();
        publisher.confirmSelect();
        byte[] body = new byte[PASSING_BYTES];
        long messages = (long) PASSING_MIB * MIB / PASSING_BYTES;
        for (long i = 0; i < messages; i++) {
            publisher.basicPublish(
                    "", "passed-" + i % PASSED, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
            published.incrementAndGet();
            if (i % WINDOW == WINDOW - 1) {
                publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            }
        }
        publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        Conditions.await(
                "all to have passed", Amqp.SOON, () -> passed.get() >= messages * PASSING_BYTES);
        publisher.close();
        consumer.close();
    }

    /// Old segments go a moment after the last message passed.
    private void awaitSmallJournal() {
        Conditions.await(
                "a journal of at most " + MOST_MIB + " MiB, it has " + journalBytes() / MIB,
                Amqp.SOON,
                () -> journalBytes() <= (long) MOST_MIB * MIB);
    }

    private long journalBytes() {
        // Of a file that goes meanwhile the length is 0.
        File[] files = folder.resolve("data").resolve("journal").toFile().listFiles();
        return Stream.of(Objects.requireNonNull(files)).mapToLong(File::length).sum();
    }
}
