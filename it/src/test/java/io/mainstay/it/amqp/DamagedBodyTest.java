package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The disk gives back other bytes than were written, under a node that runs.
class DamagedBodyTest {
    private static final String QUEUE = "damaged";
    private static final int MESSAGES = 200;
    private static final int HIT = 100;

    @TempDir Path folder;

    @Test
    void everyOtherMessageIsDeliveredAndTheLogNamesTheDamage() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's disk");
        try (NodeProcess node = NodeProcess.start(folder)) {
            Broker broker = Broker.of(node);
            publish(broker);
            Path damaged = damage();

            try (Connection connection = broker.factory().newConnection()) {
                Channel channel = connection.createChannel();
                Inbox inbox = Inbox.on(channel, QUEUE);
                for (int i = 0; i < MESSAGES; i++) {
                    if (i != HIT) {
                        Delivery delivery = inbox.next();
                        assertThat(Amqp.text(delivery.getBody())).isEqualTo(text(i));
                        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                    }
                }
                assertThat(inbox.isEmpty()).isTrue();
            }
            Conditions.await(
                    "the log to name queue, file and bytes",
                    Amqp.SOON,
                    () ->
                            node.process()
                                    .log()
                                    .lines()
                                    .anyMatch(
                                            line ->
                                                    line.contains("queue '" + QUEUE + "'")
                                                            && line.contains(
                                                                    damaged.getFileName()
                                                                            .toString())
                                                            && line.contains("damaged at bytes")));
        }
    }

    /// One at a time: each in an entry of its own.
    private static void publish(Broker broker) throws Exception {
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.queueDeclare(QUEUE, true, false, false, null);
            for (int i = 0; i < MESSAGES; i++) {
                Amqp.send(channel, QUEUE, text(i));
                channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            }
            // What was published lately is in memory, up to 64 MiB of it.
            channel.queueDeclare("others", true, false, false, null);
            for (int i = 0; i < 100; i++) {
                channel.basicPublish("", "others", null, new byte[1 << 20]);
            }
            channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        }
    }

    private static String text(int number) {
        return "message <" + number + "> " + "x".repeat(1_000);
    }

    /// Changes one byte of the message's body in the only file that has it.
    private Path damage() throws IOException {
        String wanted = text(HIT);
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> files = paths.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                // One byte is one char in this charset, so the index is the position.
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                int at = bytes.indexOf(wanted);
                if (at >= 0) {
                    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                        open.seek(at + wanted.length() - 1L);
                        open.write('y');
                    }
                    return file;
                }
            }
        }
        throw new AssertionError("no file has the message");
    }
}
