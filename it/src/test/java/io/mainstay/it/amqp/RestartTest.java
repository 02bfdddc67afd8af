package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// What is there after the node ended, by SIGTERM and by SIGKILL.
class RestartTest {
    private static final BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

    @TempDir Path folder;

    @Test
    void durableThingsAreThereAfterwardsAndOthersAreNot() throws Exception {
        assumeTrue(
                System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node is restarted");
        try (NodeProcess node = NodeProcess.start(folder)) {
            assumeTrue(node.amqpPort() != 0, "the node has no head for AMQP");
            Broker broker = Broker.of(node);
            for (boolean gently : new boolean[] {true, false}) {
                String suffix = gently ? "-term" : "-kill";
                fill(broker, suffix);
                if (gently) {
                    assertThat(node.terminate()).as("ended by itself").isTrue();
                } else {
                    node.kill();
                }
                node.startAgain();
                check(broker, suffix);
            }
        }
    }

    private static void fill(Broker broker, String suffix) throws Exception {
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.exchangeDeclare("durable" + suffix, "topic", true);
            channel.exchangeDeclare("transient" + suffix, "topic", false);
            channel.queueDeclare(
                    "durable" + suffix, true, false, false, Map.of("x-max-priority", 3));
            channel.queueDeclare("transient" + suffix, false, false, false, null);
            channel.queueBind("durable" + suffix, "durable" + suffix, "a.*");
            channel.confirmSelect();
            for (int i = 0; i < 100; i++) {
                Amqp.publish(channel, "durable" + suffix, "a.b", PERSISTENT, "m" + i);
            }
            Amqp.publish(
                    channel, "", "durable" + suffix, MessageProperties.MINIMAL_BASIC, "transient");
            channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            // Ten are gone, ten are in hand when the node ends.
            for (int i = 0; i < 10; i++) {
                channel.basicGet("durable" + suffix, true);
            }
            for (int i = 0; i < 10; i++) {
                channel.basicGet("durable" + suffix, false);
            }
            channel.close();
        }
        try (Connection connection = broker.factory().newConnection()) {
            Amqp.awaitReady(connection.createChannel(), "durable" + suffix, 91);
        }
    }

    private static void check(Broker broker, String suffix) throws Exception {
        try (Connection connection = broker.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.exchangeDeclarePassive("durable" + suffix);
            channel.queueDeclare(
                    "durable" + suffix, true, false, false, Map.of("x-max-priority", 3));
            Amqp.publish(channel, "durable" + suffix, "a.b", PERSISTENT, "new");
            for (int i = 10; i < 100; i++) {
                GetResponse got = Amqp.take(channel, "durable" + suffix);
                assertThat(Amqp.text(got)).isEqualTo("m" + i);
            }
            // A transient message of a durable queue is kept; RabbitMQ may drop it.
            assertThat(Amqp.takeText(channel, "durable" + suffix)).isEqualTo("transient");
            assertThat(Amqp.takeText(channel, "durable" + suffix)).isEqualTo("new");
            assertThat(Amqp.drain(channel, "durable" + suffix)).isEmpty();
            assertThat(exists(connection, c -> c.queueDeclarePassive("transient" + suffix)))
                    .as("the transient queue")
                    .isFalse();
            assertThat(exists(connection, c -> c.exchangeDeclarePassive("transient" + suffix)))
                    .as("the transient exchange")
                    .isFalse();
        }
    }

    private interface Look {
        void look(Channel channel) throws IOException;
    }

    private static boolean exists(Connection connection, Look look) throws Exception {
        Channel channel = connection.createChannel();
        try {
            look.look(channel);
            return true;
        } catch (IOException gone) {
            return false;
        } finally {
            channel.abort();
        }
    }
}
