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

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The disk falls below its watermark while clients publish and consume.
class FullDiskTest {
    /// Some file systems tell what is free half a minute late.
    private static final Duration TOLD = Duration.ofMinutes(3);

    private static final int MIB = 1 << 20;
    private static final int MESSAGES = 100;

    /// Free above the watermark at the start; others use the same disk, so not too little.
    private static final long ROOM = 1_024L * MIB;

    private static final int BALLAST_MIB = 2_560;
    private static final String QUEUE = "under-a-full-disk";

    @TempDir Path folder;

    @Test
    void publishersWaitConsumersGoOnAndNothingIsLost() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's disk");
        assumeTrue(Boolean.getBoolean("mainstay.long"), "writes gigabytes: with --long");
        long free = folder.toFile().getUsableSpace();
        assumeTrue(free > ROOM + (BALLAST_MIB + 512L) * MIB, "not enough disk to fill some");
        Path ballast = folder.resolve("ballast");
        try (NodeProcess node =
                NodeProcess.start(
                        folder.resolve("node"), "disk.watermark-bytes=" + (free - ROOM))) {
            Broker broker = Broker.of(node);
            // They end with the node: one that is blocked is not read, so its close would wait.
            Connection publishing = broker.factory().newConnection();
            Connection consuming = broker.factory().newConnection();
            List<String> told = new CopyOnWriteArrayList<>();
            publishing.addBlockedListener(
                    reason -> told.add("blocked: " + reason), () -> told.add("unblocked"));
            Channel publisher = publishing.createChannel();
            publisher.confirmSelect();
            publisher.queueDeclare(QUEUE, true, false, false, null);
            for (int i = 0; i < MESSAGES; i++) {
                Amqp.send(publisher, QUEUE, "m" + i);
            }
            publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());

            write(ballast);
            Conditions.await("the publisher to be blocked", TOLD, () -> !told.isEmpty());
            assertThat(told.getFirst()).contains("low on disk");
            Amqp.send(publisher, QUEUE, "late");

            Channel consumer = consuming.createChannel();
            Inbox inbox = Inbox.on(consumer, QUEUE);
            for (int i = 0; i < MESSAGES; i++) {
                Delivery delivery = inbox.next();
                assertThat(Amqp.text(delivery.getBody())).isEqualTo("m" + i);
                consumer.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            }
            assertThat(inbox.isEmpty()).as("what waits is not in the queue").isTrue();

            Files.delete(ballast);
            Conditions.await("the publisher to go on", TOLD, () -> told.size() > 1);
            assertThat(told.get(1)).isEqualTo("unblocked");
            publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            assertThat(inbox.nextText()).isEqualTo("late");

            write(ballast);
            Conditions.await("it to be blocked again", TOLD, () -> told.size() > 2);
            consumer.basicAck(MESSAGES + 1, false);
            // The answer comes after the acknowledgement was taken.
            consumer.close();
            // Seen from outside, that it was taken is not that it is stored.
            awaitEmpty(consuming);
            node.kill();
            node.startAgain();
            try (Connection connection = broker.factory().newConnection()) {
                Channel channel = connection.createChannel();
                assertThat(channel.queueDeclarePassive(QUEUE).getMessageCount())
                        .as("acknowledged on a full disk, and still there after a start")
                        .isLessThanOrEqualTo(1);
                Amqp.drain(channel, QUEUE);
                Files.delete(ballast);
                Channel later = connection.createChannel();
                later.confirmSelect();
                Amqp.send(later, QUEUE, "after");
                later.waitForConfirmsOrDie(TOLD.toMillis());
                assertThat(Amqp.takeText(channel, QUEUE)).isEqualTo("after");
            }
        }
    }

    private static void awaitEmpty(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        Amqp.awaitReady(channel, QUEUE, 0);
    }

    /// Real bytes: a sparse file takes no room.
    private static void write(Path ballast) throws IOException {
        byte[] block = new byte[MIB];
        new java.util.Random(1).nextBytes(block);
        try (FileOutputStream out = new FileOutputStream(ballast.toFile())) {
            for (int i = 0; i < BALLAST_MIB; i++) {
                out.write(block);
            }
            out.getFD().sync();
        }
    }
}
