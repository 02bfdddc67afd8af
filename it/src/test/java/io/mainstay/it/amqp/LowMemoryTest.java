package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Transactions that nobody commits fill the memory of a node up to its watermark.
class LowMemoryTest {

    private static final int MIB = 1 << 20;

    /// As much as one transaction takes, nearly.
    private static final int HELD_MIB = 60;

    /// The node does not read who is blocked, and notices the end of one when it writes, every 2 s. Then garbage is to be collected, every 10 s.
    private static final Duration NOTICED = Duration.ofMinutes(1);

    private static final String QUEUE = "while-memory-is-low";

    @TempDir Path folder;

    @Test
    void publishersWaitConsumersGoOnUntilThereIsMemoryAgain() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's memory");
        assumeTrue(Boolean.getBoolean("mainstay.long"), "takes a minute: with --long");
        try (NodeProcess node =
                        NodeProcess.start(
                                folder.resolve("node"), "amqp.memory-watermark-percent=60");
                Connection publishing = Broker.of(node).factory().newConnection();
                Connection consuming = Broker.of(node).factory().newConnection()) {
            List<String> told = new CopyOnWriteArrayList<>();
            publishing.addBlockedListener(
                    reason -> told.add("blocked: " + reason), () -> told.add("unblocked"));
            Channel publisher = publishing.createChannel();
            publisher.confirmSelect();
            publisher.queueDeclare(QUEUE, true, false, false, null);
            Amqp.store(publisher, QUEUE, "a", "b");
            assertThat(health(node).status()).isEqualTo(200);

            Socket greedy = holdInTransactions(Broker.of(node).factory());
            Conditions.await("the publisher to be blocked", Amqp.SOON, () -> !told.isEmpty());
            assertThat(told).containsExactly("blocked: low on memory");
            Http.Answer health = health(node);
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.body()).contains("\"resource\":\"memory\"");
            assertThat(metrics(node)).contains("mainstay_memory_low 1");
            Amqp.send(publisher, QUEUE, "late");
            Channel consumer = consuming.createChannel();
            Inbox inbox = Inbox.on(consumer, QUEUE);
            assertThat(inbox.nextText()).isEqualTo("a");
            assertThat(inbox.nextText()).isEqualTo("b");
            assertThat(inbox.isEmpty()).as("what waits is not in the queue").isTrue();

            greedy.close();
            Conditions.await("the publisher to go on", NOTICED, () -> told.size() > 1);
            assertThat(told.getLast()).isEqualTo("unblocked");
            publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            assertThat(inbox.nextText()).isEqualTo("late");
            assertThat(health(node).status()).isEqualTo(200);
        }
    }

    /// Publishes on a thread of its own, as the node stops to read before the end.
    ///
    /// @return what ends it
    private static Socket holdInTransactions(ConnectionFactory factory) throws Exception {
        List<Socket> sockets = new CopyOnWriteArrayList<>();
        factory.setSocketConfigurator(sockets::add);
        Connection greedy = factory.newConnection();
        List<Channel> transactions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            transactions.add(greedy.createChannel());
            transactions.getLast().txSelect();
        }
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                for (Channel transaction : transactions) {
                                    for (int held = 0; held < HELD_MIB; held++) {
                                        transaction.basicPublish("", QUEUE, null, new byte[MIB]);
                                    }
                                }
                            } catch (IOException | AlreadyClosedException e) {
                                // The test has seen enough.
                            }
                        });
        return sockets.getFirst();
    }

    private static Http.Answer health(NodeProcess node) throws Exception {
        String guest =
                Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
        return Http.call(
                "GET",
                "http://127.0.0.1:" + node.managementPort() + "/api/health/checks/alarms",
                "",
                "application/json",
                "Authorization",
                "Basic " + guest);
    }

    private static String metrics(NodeProcess node) throws Exception {
        return Http.get(node.httpUrl() + "/metrics").body();
    }
}
