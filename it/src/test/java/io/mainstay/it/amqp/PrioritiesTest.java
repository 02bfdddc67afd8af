package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;

import org.junit.jupiter.api.Test;

import java.util.Map;

/// Messages that overtake others.
@AmqpTest
class PrioritiesTest {

    private static void send(Channel channel, String queue, int priority, String text)
            throws Exception {
        BasicProperties properties =
                new BasicProperties.Builder().priority(priority).deliveryMode(2).build();
        Amqp.publish(channel, "", queue, properties, text);
    }

    @Test
    void higherOnesComeFirstAndEqualOnesInTheirOrder(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-max-priority", 5));
        send(channel, queue, 1, "1a");
        send(channel, queue, 3, "3a");
        Amqp.send(channel, queue, "none");
        send(channel, queue, 1, "1b");
        send(channel, queue, 5, "5a");
        send(channel, queue, 3, "3b");
        // Above the highest: as the highest.
        send(channel, queue, 200, "200");
        Amqp.awaitReady(channel, queue, 7);
        assertThat(Amqp.drain(channel, queue))
                .containsExactly("5a", "200", "3a", "3b", "1a", "1b", "none");
    }

    @Test
    void aReturnedMessageGoesBackToItsPlace(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-max-priority", 5));
        send(channel, queue, 1, "low");
        send(channel, queue, 4, "high a");
        send(channel, queue, 4, "high b");
        Amqp.awaitReady(channel, queue, 3);
        GetResponse high = channel.basicGet(queue, false);
        assertThat(Amqp.text(high)).isEqualTo("high a");
        channel.basicNack(high.getEnvelope().getDeliveryTag(), false, true);
        Amqp.awaitReady(channel, queue, 3);
        assertThat(Amqp.drain(channel, queue)).containsExactly("high a", "high b", "low");
    }

    @Test
    void aQueueWithoutPrioritiesKeepsTheOrderAndTheProperty(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        send(channel, queue, 1, "a");
        send(channel, queue, 9, "b");
        GetResponse first = Amqp.take(channel, queue);
        assertThat(Amqp.text(first)).isEqualTo("a");
        assertThat(first.getProps().getPriority()).isEqualTo(1);
    }

    @Test
    void theHighestWaitingMessageGoesToAConsumerThatHasRoom(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-max-priority", 9));
        channel.basicQos(1);
        send(channel, queue, 1, "in hand");
        Inbox inbox = Inbox.on(channel, queue);
        var inHand = inbox.next();
        send(channel, queue, 2, "two");
        send(channel, queue, 8, "eight");
        Amqp.awaitReady(channel, queue, 2);
        channel.basicAck(inHand.getEnvelope().getDeliveryTag(), false);
        assertThat(inbox.nextText()).isEqualTo("eight");
    }
}
