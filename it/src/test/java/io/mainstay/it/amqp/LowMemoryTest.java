package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Transactions that nobody commits fill the memory of a node up to its watermark.
class LowMemoryTest {

    private static final int MIB = 1 << 20;

    /// As much as one transaction takes, nearly.
    private static final int HELD_MIB = 60;

    private static final String QUEUE = "while-memory-is-low";

    @TempDir Path folder;

    @Test
    void publishersWaitConsumersGoOnUntilThereIsMemoryAgain() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's memory");
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

            Connection greedy = Broker.of(node).factory().newConnection();
            for (int i = 0; i < 4; i++) {
                Channel transaction = greedy.createChannel();
                transaction.txSelect();
                for (int held = 0; held < HELD_MIB; held++) {
                    transaction.basicPublish("", QUEUE, null, new byte[MIB]);
                }
            }
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

            // The node does not read it any more: it cannot be closed in order.
            greedy.abort(1);
            Conditions.await("the publisher to go on", Amqp.SOON, () -> told.size() > 1);
            assertThat(told.getLast()).isEqualTo("unblocked");
            publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            assertThat(inbox.nextText()).isEqualTo("late");
            assertThat(health(node).status()).isEqualTo(200);
        }
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
