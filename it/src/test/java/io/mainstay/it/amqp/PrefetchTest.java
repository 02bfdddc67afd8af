package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// How many deliveries a consumer or channel may hold.
@AmqpTest
class PrefetchTest {

    private static void ack(Channel channel, Delivery delivery) throws Exception {
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
    }

    /// All deliveries that were sent before the answer to this have been read by the client.
    private static void roundTrip(Channel channel, String queue) throws Exception {
        // Deliveries run on the channel's own thread, in order: one that is seen comes after all
        // earlier ones.
        String marker = channel.queueDeclare().getQueue();
        Inbox inbox = Inbox.on(channel, marker, true, Map.of());
        Amqp.send(channel, marker, queue);
        assertThat(inbox.nextText()).isEqualTo(queue);
        channel.basicCancel(inbox.getConsumerTag());
    }

    @Test
    void aConsumerGetsNoMoreThanItsPrefetch(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c", "d");
        channel.basicQos(2);
        Inbox inbox = Inbox.on(channel, queue);
        Delivery a = inbox.next();
        assertThat(inbox.nextText()).isEqualTo("b");
        Amqp.awaitReady(channel, queue, 2);
        roundTrip(channel, queue);
        assertThat(inbox.isEmpty()).isTrue();
        ack(channel, a);
        assertThat(inbox.nextText()).isEqualTo("c");
        Amqp.awaitReady(channel, queue, 1);
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void eachConsumerOfAChannelHasAPrefetchOfItsOwn(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.basicQos(1);
        Inbox one = Inbox.on(channel, queue);
        channel.basicQos(2);
        Inbox other = Inbox.on(channel, queue);
        Amqp.send(channel, queue, "a", "b", "c", "d", "e");
        one.next();
        other.nextTexts(2);
        Amqp.awaitReady(channel, queue, 2);
        roundTrip(channel, queue);
        assertThat(one.isEmpty()).isTrue();
        assertThat(other.isEmpty()).isTrue();
    }

    @Test
    void aGlobalPrefetchIsSharedByTheConsumersOfAChannel(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        String another = amqp.queue(channel);
        channel.basicQos(3, true);
        Inbox one = Inbox.on(channel, queue);
        Inbox other = Inbox.on(channel, another);
        Amqp.send(channel, queue, "a", "b", "c", "d");
        Delivery a = one.next();
        one.nextTexts(2);
        Amqp.send(channel, another, "x");
        Amqp.awaitReady(channel, queue, 1);
        Amqp.awaitReady(channel, another, 1);
        assertThat(other.isEmpty()).isTrue();
        channel.basicAck(a.getEnvelope().getDeliveryTag() + 2, true);
        assertThat(other.nextText()).isEqualTo("x");
        assertThat(one.nextText()).isEqualTo("d");
    }

    @Test
    void everyQueueHasItsTurnInAFullChannel(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String queue = amqp.queue(channel);
            queues.add(queue);
            for (int n = 0; n < 50; n++) {
                Amqp.send(channel, queue, "m");
            }
        }
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        channel.basicQos(1, true);
        BlockingQueue<Long> tags = new LinkedBlockingQueue<>();
        for (String queue : queues) {
            channel.basicConsume(
                    queue,
                    (consumer, delivery) -> tags.add(delivery.getEnvelope().getDeliveryTag()),
                    consumer -> {});
        }
        for (int n = 0; n < 49; n++) {
            Long tag = tags.poll(Amqp.SOON.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(tag).as("delivery " + n).isNotNull();
            channel.basicAck(tag, false);
        }
        for (String queue : queues) {
            assertThat(Amqp.ready(channel, queue)).isLessThan(50);
        }
    }

    @Test
    void aFullChannelHoldsBackItsConsumersWithoutAcknowledgementsToo(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Channel publisher = amqp.channel();
        String queue = amqp.queue(channel);
        String another = amqp.queue(channel);
        channel.basicQos(1, true);
        Inbox one = Inbox.on(channel, queue);
        Inbox other = Inbox.on(channel, another, true, Map.of());
        Amqp.send(publisher, another, "x", "y");
        assertThat(other.nextTexts(2)).containsExactly("x", "y");
        Amqp.send(publisher, queue, "a");
        Delivery a = one.next();
        Amqp.send(publisher, another, "z");
        Amqp.awaitReady(publisher, another, 1);
        assertThat(other.isEmpty()).isTrue();
        ack(channel, a);
        assertThat(other.nextText()).isEqualTo("z");
    }

    @Test
    void zeroIsNoLimit(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        for (int i = 0; i < 1_000; i++) {
            Amqp.send(channel, queue, "m" + i);
        }
        channel.basicQos(0);
        assertThat(Inbox.on(channel, queue).nextTexts(1_000)).hasSize(1_000);
    }

    @Test
    void getDoesNotCareForThePrefetch(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c");
        channel.basicQos(1);
        Inbox inbox = Inbox.on(channel, queue);
        assertThat(inbox.nextText()).isEqualTo("a");
        assertThat(Amqp.text(channel.basicGet(queue, false))).isEqualTo("b");
        assertThat(Amqp.text(channel.basicGet(queue, false))).isEqualTo("c");
    }

    @Test
    void anAutomaticAckNeedsNoPrefetch(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c");
        channel.basicQos(1);
        assertThat(Inbox.on(channel, queue, true, Map.of()).nextTexts(3))
                .containsExactly("a", "b", "c");
    }

    @Test
    void aPrefetchInBytesIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.connection(540, "NOT_IMPLEMENTED"),
                channel,
                () -> channel.basicQos(1024, 1, false));
    }
}
