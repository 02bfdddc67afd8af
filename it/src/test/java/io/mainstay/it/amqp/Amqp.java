package io.mainstay.it.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// What one test does with the broker. Names are its own; what it made under them is deleted afterwards.
final class Amqp implements AutoCloseable {

    /// For whatever shall happen at all.
    static final Duration SOON = Duration.ofSeconds(60);

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final String RUN = Long.toString(System.currentTimeMillis(), 36);

    private final Broker broker;
    private final List<Connection> connections = new ArrayList<>();
    private final List<String> queues = new ArrayList<>();
    private final List<String> exchanges = new ArrayList<>();

    Amqp(Broker broker) {
        this.broker = broker;
    }

    Broker broker() {
        return broker;
    }

    /// A connection that is closed after the test.
    Connection connect() throws IOException, TimeoutException {
        Connection connection = broker.factory().newConnection();
        connections.add(connection);
        return connection;
    }

    /// A channel on a connection of its own.
    Channel channel() throws IOException, TimeoutException {
        return connect().createChannel();
    }

    /// A channel in confirm mode. A count that is asked for on RabbitMQ may overtake a message that is not confirmed yet.
    Channel confirming() throws IOException, TimeoutException {
        Channel channel = channel();
        channel.confirmSelect();
        return channel;
    }

    /// A name that no other test has, for a queue.
    String queueName() {
        String name = "it-queue-" + RUN + "-" + NUMBERS.incrementAndGet();
        queues.add(name);
        return name;
    }

    /// A name that no other test has, for an exchange.
    String exchangeName() {
        String name = "it-exchange-" + RUN + "-" + NUMBERS.incrementAndGet();
        exchanges.add(name);
        return name;
    }

    /// Declares a durable queue.
    String queue(Channel channel, Map<String, Object> arguments) throws IOException {
        String name = queueName();
        channel.queueDeclare(name, true, false, false, arguments);
        return name;
    }

    String queue(Channel channel) throws IOException {
        return queue(channel, Map.of());
    }

    /// Declares a durable exchange.
    String exchange(Channel channel, String type, Map<String, Object> arguments)
            throws IOException {
        String name = exchangeName();
        channel.exchangeDeclare(name, type, true, false, arguments);
        return name;
    }

    String exchange(Channel channel, String type) throws IOException {
        return exchange(channel, type, Map.of());
    }

    /// Declares a durable queue and binds it.
    String boundQueue(Channel channel, String exchange, String key) throws IOException {
        String queue = queue(channel);
        channel.queueBind(queue, exchange, key);
        return queue;
    }

    /// Sends persistent text to a queue.
    static void send(Channel channel, String queue, String... texts) throws IOException {
        for (String text : texts) {
            publish(channel, "", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, text);
        }
    }

    /// Sends persistent text and waits until it is in the queue. The channel must be in confirm mode.
    static void store(Channel channel, String queue, String... texts) throws Exception {
        send(channel, queue, texts);
        channel.waitForConfirmsOrDie(SOON.toMillis());
    }

    static void publish(
            Channel channel, String exchange, String key, BasicProperties properties, String text)
            throws IOException {
        channel.basicPublish(exchange, key, properties, bytes(text));
    }

    /// Takes the next message and acknowledges it; waits for it.
    static GetResponse take(Channel channel, String queue) {
        return Conditions.value("a message in " + queue, SOON, () -> channel.basicGet(queue, true));
    }

    static String takeText(Channel channel, String queue) {
        return text(take(channel, queue));
    }

    /// All that is ready now, acknowledged.
    static List<String> drain(Channel channel, String queue) throws IOException {
        List<String> texts = new ArrayList<>();
        for (GetResponse got = channel.basicGet(queue, true);
                got != null;
                got = channel.basicGet(queue, true)) {
            texts.add(text(got));
        }
        return texts;
    }

    /// Messages that are ready.
    static int ready(Channel channel, String queue) throws IOException {
        return channel.queueDeclarePassive(queue).getMessageCount();
    }

    static void awaitReady(Channel channel, String queue, int messages) {
        Conditions.await(
                messages + " messages in " + queue, SOON, () -> ready(channel, queue) == messages);
    }

    static String text(GetResponse response) {
        return text(response.getBody());
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        try (Connection cleaner = broker.factory().newConnection()) {
            connections.forEach(Connection::abort);
            for (String queue : queues) {
                tryTo(cleaner, channel -> channel.queueDelete(queue));
            }
            for (String exchange : exchanges) {
                tryTo(cleaner, channel -> channel.exchangeDelete(exchange));
            }
        }
    }

    private interface Step {
        void run(Channel channel) throws IOException;
    }

    /// On a channel of its own, which an exclusive queue that is not gone yet closes.
    private static void tryTo(Connection cleaner, Step step) throws IOException {
        Channel channel = cleaner.createChannel();
        try {
            step.run(channel);
        } catch (IOException refused) {
            if (channel.isOpen()) {
                throw refused;
            }
        } finally {
            channel.abort();
        }
    }
}
