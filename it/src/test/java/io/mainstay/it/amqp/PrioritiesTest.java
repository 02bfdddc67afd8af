package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    void thereAreAsManyPrioritiesAsAByteHas(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-max-priority", 255));
        int[] sent = {0, 127, 255, 1, 128, 200, 254, 129, 126};
        for (int priority : sent) {
            send(channel, queue, priority, "a" + priority);
            send(channel, queue, priority, "b" + priority);
        }
        Amqp.awaitReady(channel, queue, 2 * sent.length);
        List<String> order =
                Arrays.stream(sent)
                        .boxed()
                        .sorted(Comparator.reverseOrder())
                        .flatMap(priority -> Stream.of("a" + priority, "b" + priority))
                        .toList();

        // Everything goes back and comes again, marked and in the same order.
        Channel first = amqp.channel();
        Inbox inbox = Inbox.on(first, queue);
        for (String text : order) {
            assertThat(inbox.nextText()).isEqualTo(text);
        }
        first.close();
        Amqp.awaitReady(channel, queue, 2 * sent.length);

        Inbox again = Inbox.on(channel, queue);
        long tag = 0;
        for (String text : order) {
            Delivery delivery = again.next();
            assertThat(Amqp.text(delivery.getBody())).isEqualTo(text);
            assertThat(delivery.getEnvelope().isRedeliver()).isTrue();
            tag = delivery.getEnvelope().getDeliveryTag();
        }
        // One acknowledgement for lanes on both sides of the sign, but for the last message.
        channel.basicAck(tag - 1, true);
        channel.basicNack(tag, false, true);
        assertThat(again.nextText()).isEqualTo("b0");
        channel.close();
        Channel last = amqp.channel();
        Amqp.awaitReady(last, queue, 1);
        assertThat(Amqp.drain(last, queue)).containsExactly("b0");
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
