package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What waits at a delayed exchange while its node is killed.
class DelayedRestartTest {

    private static final long AN_HOUR_MS = 3_600_000;

    /// More than stay in the heap.
    private static final int LATER = 20_000;

    private static final int SOON = 5_000;
    private static final String EXCHANGE = "delays";
    private static final String QUEUE = "arrived";

    @TempDir Path folder;

    @Test
    void whatWaitsIsThereAfterAKillAndComesWhenItIsDue() throws Exception {
        assumeTrue(
                System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node is restarted");
        try (NodeProcess node = NodeProcess.start(folder)) {
            Broker broker = Broker.of(node);
            try (Connection connection = broker.factory().newConnection()) {
                Channel channel = connection.createChannel();
                Map<String, Object> arguments = Map.of("x-delayed-type", "direct");
                channel.exchangeDeclare(EXCHANGE, "x-delayed-message", true, false, arguments);
                channel.queueDeclare(QUEUE, true, false, false, null);
                channel.queueBind(QUEUE, EXCHANGE, "k");
                channel.confirmSelect();
                for (int i = 0; i < LATER; i++) {
                    publish(channel, AN_HOUR_MS + i % 1_000, "later");
                }
                channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            }
            assertThat(waiting(node)).isEqualTo(LATER);

            node.kill();
            node.startAgain();
            assertThat(waiting(node)).isEqualTo(LATER);

            Set<String> came = ConcurrentHashMap.newKeySet();
            Connection cut = broker.factory().newConnection();
            Channel publisher = cut.createChannel();
            publisher.confirmSelect();
            for (int i = 0; i < SOON; i++) {
                publish(publisher, 3_000, "soon-" + i);
            }
            publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            consume(cut, came);
            Conditions.await("some came", Amqp.SOON, () -> came.size() > SOON / 10);
            node.kill();
            cut.abort();

            node.startAgain();
            try (Connection connection = broker.factory().newConnection()) {
                consume(connection, came);
                Conditions.await("all came", Amqp.SOON, () -> came.size() == SOON);
                Conditions.await("they are settled", Amqp.SOON, () -> waiting(node) == LATER);
                connection.createChannel().exchangeDelete(EXCHANGE);
            }
        }
    }

    private static void publish(Channel channel, long delayMs, String text) throws Exception {
        BasicProperties properties =
                new BasicProperties.Builder()
                        .headers(Map.of("x-delay", delayMs))
                        .deliveryMode(2)
                        .build();
        Amqp.publish(channel, EXCHANGE, "k", properties, text);
    }

    private static void consume(Connection connection, Set<String> into) throws Exception {
        Channel channel = connection.createChannel();
        channel.basicConsume(
                QUEUE,
                false,
                (tag, delivery) -> {
                    into.add(Amqp.text(delivery.getBody()));
                    try {
                        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                    } catch (IOException | ShutdownSignalException killed) {
                        // It comes again from the next node.
                    }
                },
                tag -> {});
    }

    /// What RabbitMQ's management API says.
    private static long waiting(NodeProcess node) throws Exception {
        String guest = Base64.getEncoder().encodeToString("guest:guest".getBytes());
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/api/exchanges/%%2F/%s"
                                                .formatted(node.managementPort(), EXCHANGE)))
                        .header("Authorization", "Basic " + guest)
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher found = Pattern.compile("\"messages_delayed\":(\\d+)").matcher(answer);
            assertThat(found.find()).as(answer).isTrue();
            return Long.parseLong(found.group(1));
        }
    }
}
