package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// SIGKILL of the node while clients publish persistent and transient messages: whatever was confirmed is delivered afterwards, in order, and what was
/// acknowledged stays gone. (A power cut may take the transient ones, and the last acknowledgements.)
class KillUnderPublishersTest {
    private static final int ROUNDS = Boolean.getBoolean("mainstay.long") ? 50 : 6;
    private static final int PUBLISHERS = 3;
    private static final int MAX_CONFIRMED_PER_ROUND = 2_000;
    private static final int MOST_UNCONFIRMED = 500;
    private static final String QUEUE = "under-load";

    @TempDir Path folder;

    @Test
    void everyConfirmedMessageIsDeliveredAfterSigkill() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node is killed");
        long seed = Long.getLong("mainstay.seed", System.nanoTime());
        Random random = new Random(seed);
        long total = 0;
        try (NodeProcess node = NodeProcess.start(folder)) {
            assumeTrue(node.amqpPort() != 0, "the node has no head for AMQP");
            Broker broker = Broker.of(node);
            try (Connection connection = broker.factory().newConnection()) {
                connection.createChannel().queueDeclare(QUEUE, true, false, false, null);
            }
            for (int round = 0; round < ROUNDS; round++) {
                String place = "round " + round + " of seed " + seed;
                Set<String> confirmed = new ConcurrentSkipListSet<>();
                int enough = 1 + random.nextInt(MAX_CONFIRMED_PER_ROUND);
                List<Thread> publishers = publish(broker, round, confirmed);
                Conditions.await(
                        enough + " confirms in " + place,
                        Amqp.SOON,
                        () -> confirmed.size() >= enough);
                node.kill();
                for (Thread publisher : publishers) {
                    publisher.join();
                }
                node.startAgain();
                Set<String> missing = new TreeSet<>(confirmed);
                missing.removeAll(drain(broker, round));
                assertThat(missing).as("lost in %s", place).isEmpty();
                total += confirmed.size();
            }
        }
        System.out.printf(
                "KillUnderPublishersTest: %d kills, %d confirmed messages, none lost (seed %d)%n",
                ROUNDS, total, seed);
    }

    private static List<Thread> publish(Broker broker, int round, Set<String> confirmed) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            String prefix = round + "/" + i + "/";
            threads.add(
                    Thread.ofPlatform().start(() -> publishUntilKilled(broker, prefix, confirmed)));
        }
        return threads;
    }

    private static void publishUntilKilled(Broker broker, String prefix, Set<String> confirmed) {
        ConcurrentNavigableMap<Long, String> open = new ConcurrentSkipListMap<>();
        // So that a slow disk does not let the backlog of confirms grow without end.
        Semaphore room = new Semaphore(MOST_UNCONFIRMED);
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.addConfirmListener(
                    new ConfirmListener() {
                        @Override
                        public void handleAck(long tag, boolean multiple) {
                            Map<Long, String> acked =
                                    multiple
                                            ? open.headMap(tag, true)
                                            : open.subMap(tag, true, tag, true);
                            List<String> texts = List.copyOf(acked.values());
                            confirmed.addAll(texts);
                            acked.clear();
                            room.release(texts.size());
                        }

                        @Override
                        public void handleNack(long tag, boolean multiple) {
                            // Not confirmed: it may or may not be there.
                        }
                    });
            channel.confirmSelect();
            for (long i = 0; ; i++) {
                while (!room.tryAcquire(20, TimeUnit.MILLISECONDS)) {
                    if (!connection.isOpen()) {
                        return;
                    }
                }
                String text = prefix + i;
                open.put(channel.getNextPublishSeqNo(), text);
                // Every third one is transient: confirmed at once, and in its place all the same.
                BasicProperties properties =
                        i % 3 == 0
                                ? MessageProperties.MINIMAL_BASIC
                                : MessageProperties.MINIMAL_PERSISTENT_BASIC;
                Amqp.publish(channel, "", QUEUE, properties, text);
            }
        } catch (Exception killed) {
            // The end of this publisher, as planned.
        }
    }

    /// All messages, acknowledged; checks that each publisher's messages are in order and that nothing of earlier rounds came back.
    private static Set<String> drain(Broker broker, int round) throws Exception {
        Set<String> seen = new HashSet<>();
        long[] last = new long[PUBLISHERS];
        java.util.Arrays.fill(last, -1);
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            long newest = 0;
            for (GetResponse got = get(channel); got != null; got = get(channel)) {
                String[] parts = Amqp.text(got).split("/");
                assertThat(parts[0]).as("round of a message").isEqualTo(Integer.toString(round));
                int publisher = Integer.parseInt(parts[1]);
                long number = Long.parseLong(parts[2]);
                assertThat(number).as("after %d", last[publisher]).isGreaterThan(last[publisher]);
                last[publisher] = number;
                seen.add(Amqp.text(got));
                newest = got.getEnvelope().getDeliveryTag();
            }
            if (newest > 0) {
                channel.basicAck(newest, true);
            }
            // The answer comes after the acknowledgement was taken.
            channel.close();
        }
        return seen;
    }

    private static GetResponse get(Channel channel) throws IOException {
        return channel.basicGet(QUEUE, false);
    }
}
