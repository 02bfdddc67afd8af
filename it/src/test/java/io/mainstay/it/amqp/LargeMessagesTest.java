package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

/// Bodies of many frames.
@AmqpTest
class LargeMessagesTest {
    private static final int MIB = 1 << 20;

    private static byte[] body(int bytes) {
        byte[] body = new byte[bytes];
        new Random(bytes).nextBytes(body);
        return body;
    }

    @ParameterizedTest
    @ValueSource(ints = {131_064, 131_065, MIB - 1, MIB, MIB + 1, 4 * MIB, 16 * MIB})
    void aBodyIsDeliveredByteForByte(int bytes, Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.confirmSelect();
        byte[] body = body(bytes);
        channel.basicPublish("", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(Amqp.take(channel, queue).getBody()).isEqualTo(body);
    }

    @Test
    void largeAndSmallOnesKeepTheirOrder(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Channel consumer = amqp.channel();
        consumer.basicQos(2);
        Inbox inbox = Inbox.on(consumer, queue);
        int messages = 12;
        for (int i = 0; i < messages; i++) {
            byte[] body = body(i % 2 == 0 ? 3 * MIB + i : i);
            channel.basicPublish("", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
        }
        for (int i = 0; i < messages; i++) {
            var delivery = inbox.next();
            assertThat(delivery.getBody())
                    .as("message %d", i)
                    .isEqualTo(body(i % 2 == 0 ? 3 * MIB + i : i));
            consumer.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        }
    }
}
