package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// SIGKILL of the node while a client publishes to a stream and another reads it: every message that somebody has seen has the same offset afterwards, and
/// what was confirmed is there.
class StreamAfterKillTest {
    private static final int ROUNDS = Boolean.getBoolean("mainstay.long") ? 20 : 2;
    private static final int CONFIRMED_PER_ROUND = 5_000;
    private static final int WINDOW = 500;
    private static final String STREAM = "stream";

    @TempDir Path folder;

    /// Texts by offset, as readers have seen them.
    private final Map<Long, String> seen = new ConcurrentSkipListMap<>();

    private final AtomicInteger published = new AtomicInteger();

    @Test
    void offsetsStayAndNothingConfirmedIsLost() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node is killed");
        try (NodeProcess node = NodeProcess.start(folder)) {
            assumeTrue(node.amqpPort() != 0, "the node has no head for AMQP");
            Broker broker = Broker.of(node);
            try (Connection connection = broker.factory().newConnection()) {
                connection
                        .createChannel()
                        .queueDeclare(STREAM, true, false, false, Map.of("x-queue-type", "stream"));
            }
            Set<String> confirmed = new HashSet<>();
            for (int round = 0; round < ROUNDS; round++) {
                round(broker, node, confirmed);
                node.startAgain();
                check(broker, confirmed);
            }
        }
    }

    /// Publishes and reads, and kills the node with messages under way.
    private void round(Broker broker, NodeProcess node, Set<String> confirmed) throws Exception {
        Connection connection = broker.factory().newConnection();
        try {
            Channel reader = connection.createChannel();
            reader.basicQos(WINDOW);
            reader.basicConsume(
                    STREAM, false, Map.of("x-stream-offset", "next"), notesWhatItSees(reader));
            Channel publisher = connection.createChannel();
            publisher.confirmSelect();
            for (int sent = 0; sent < CONFIRMED_PER_ROUND; sent += WINDOW) {
                int first = published.get();
                send(publisher);
                publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
                for (int i = first; i < first + WINDOW; i++) {
                    confirmed.add("m" + i);
                }
            }
            send(publisher);
            node.kill();
        } finally {
            connection.abort();
        }
    }

    private void send(Channel publisher) throws IOException {
        for (int i = 0; i < WINDOW; i++) {
            Amqp.publish(
                    publisher,
                    "",
                    STREAM,
                    MessageProperties.MINIMAL_PERSISTENT_BASIC,
                    "m" + published.getAndIncrement());
        }
    }

    private DefaultConsumer notesWhatItSees(Channel channel) {
        return new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                    String consumerTag, Envelope envelope, BasicProperties properties, byte[] body)
                    throws IOException {
                seen.put((Long) properties.getHeaders().get("x-stream-offset"), Amqp.text(body));
                channel.basicAck(envelope.getDeliveryTag(), false);
            }
        };
    }

    private void check(Broker broker, Set<String> confirmed) throws Exception {
        TreeMap<Long, String> there = new TreeMap<>();
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.basicQos(WINDOW);
            int messages = Amqp.ready(channel, STREAM);
            Inbox inbox = Inbox.on(channel, STREAM, false, Map.of("x-stream-offset", "first"));
            for (long offset = 0; offset < messages; offset++) {
                Delivery delivery = inbox.next();
                assertThat(delivery.getProperties().getHeaders())
                        .containsEntry("x-stream-offset", offset);
                there.put(offset, Amqp.text(delivery.getBody()));
                if (offset % 100 == 99) {
                    channel.basicAck(delivery.getEnvelope().getDeliveryTag(), true);
                }
            }
        }
        assertThat(seen).isNotEmpty();
        assertThat(there).containsAllEntriesOf(seen);
        Set<String> missing = new TreeSet<>(confirmed);
        missing.removeAll(new HashSet<>(there.values()));
        assertThat(missing).as("confirmed and lost").isEmpty();
        seen.putAll(there);
    }
}
