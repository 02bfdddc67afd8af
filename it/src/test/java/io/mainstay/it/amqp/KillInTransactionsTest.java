package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/// SIGKILL of the node while transactions of several megabytes are committed: each queue has all of a transaction or nothing, and all of it if the commit was answered.
class KillInTransactionsTest {
    private static final int ROUNDS = Boolean.getBoolean("mainstay.long") ? 30 : 4;
    private static final int PUBLISHERS = 2;
    private static final int MESSAGES = 24;
    private static final int BYTES = 64 << 10;
    private static final List<String> QUEUES = List.of("all-or-nothing-a", "all-or-nothing-b");

    /// Publishes of a transaction, and its commit.
    private static final int STEPS = QUEUES.size() * MESSAGES + 1;

    @TempDir Path folder;

    @Test
    void everyQueueHasAllOrNothingAfterSigkill() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node is killed");
        long seed = Long.getLong("mainstay.seed", System.nanoTime());
        Random random = new Random(seed);
        int whole = 0;
        try (NodeProcess node = NodeProcess.start(folder)) {
            assumeTrue(node.amqpPort() != 0, "the node has no head for AMQP");
            Broker broker = Broker.of(node);
            try (Connection connection = broker.factory().newConnection()) {
                for (String queue : QUEUES) {
                    connection.createChannel().queueDeclare(queue, true, false, false, null);
                }
            }
            for (int round = 0; round < ROUNDS; round++) {
                String place = "round " + round + " of seed " + seed;
                Set<Integer> committed = new ConcurrentSkipListSet<>();
                int enough = 1 + random.nextInt(8);
                AtomicInteger steps = new AtomicInteger();
                List<Thread> publishers = publish(broker, committed, steps);
                Conditions.await(
                        enough + " commits in " + place,
                        Amqp.SOON,
                        () -> committed.size() >= enough);
                // Anywhere in the transactions that follow.
                int until = steps.get() + random.nextInt(PUBLISHERS * STEPS);
                Conditions.await(
                        until + " steps in " + place, Amqp.SOON, () -> steps.get() >= until);
                node.kill();
                for (Thread publisher : publishers) {
                    publisher.join();
                }
                node.startAgain();
                for (String queue : QUEUES) {
                    Map<Integer, Integer> found = drain(broker, queue);
                    assertThat(found.keySet())
                            .as("answered in %s, found in %s", place, queue)
                            .containsAll(committed);
                    assertThat(found.values())
                            .as("of each transaction in %s, in %s", queue, place)
                            .allMatch(count -> count == MESSAGES);
                    whole += found.size();
                }
            }
        }
        System.out.printf(
                "KillInTransactionsTest: %d kills, %d transactions in a queue, all of them whole (seed %d)%n",
                ROUNDS, whole, seed);
    }

    private static List<Thread> publish(
            Broker broker, Set<Integer> committed, AtomicInteger steps) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int publisher = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> publishUntilKilled(broker, publisher, committed, steps)));
        }
        return threads;
    }

    /// @param steps counts publishes and commits that are asked for
    private static void publishUntilKilled(
            Broker broker, int publisher, Set<Integer> committed, AtomicInteger steps) {
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.txSelect();
            for (int transaction = publisher; ; transaction += PUBLISHERS) {
                for (int i = 0; i < MESSAGES; i++) {
                    byte[] body = ByteBuffer.allocate(BYTES).putInt(transaction).putInt(i).array();
                    for (String queue : QUEUES) {
                        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body);
                        steps.incrementAndGet();
                    }
                }
                steps.incrementAndGet();
                channel.txCommit();
                committed.add(transaction);
            }
        } catch (Exception killed) {
            // The end of this publisher, as planned.
        }
    }

    /// How many messages there are of each transaction; checks their order and acknowledges them.
    private static Map<Integer, Integer> drain(Broker broker, String queue) throws Exception {
        Map<Integer, Integer> found = new TreeMap<>();
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            long newest = 0;
            for (GetResponse got = get(channel, queue); got != null; got = get(channel, queue)) {
                ByteBuffer body = ByteBuffer.wrap(got.getBody());
                int count = found.merge(body.getInt(), 1, Integer::sum);
                assertThat(body.getInt()).as("place in its transaction").isEqualTo(count - 1);
                newest = got.getEnvelope().getDeliveryTag();
            }
            if (newest > 0) {
                channel.basicAck(newest, true);
            }
            // The answer comes after the acknowledgement was taken.
            channel.close();
        }
        return found;
    }

    private static GetResponse get(Channel channel, String queue) throws IOException {
        return channel.basicGet(queue, false);
    }
}
