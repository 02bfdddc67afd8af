package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;

import org.junit.jupiter.api.Test;

import java.util.Map;

/// What clients see of the queue type `quorum`.
@AmqpTest
class QuorumQueuesTest {

    @Test
    void aMessageThatFailsTooOftenIsDead(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue =
                amqp.queue(
                        channel,
                        Map.of(
                                "x-queue-type",
                                "quorum",
                                "x-delivery-limit",
                                2,
                                "x-dead-letter-exchange",
                                "",
                                "x-dead-letter-routing-key",
                                dead));
        Amqp.send(channel, queue, "m");
        Inbox inbox = Inbox.on(channel, queue);
        for (int i = 0; i < 3; i++) {
            Delivery delivery = inbox.next();
            Map<String, Object> headers = delivery.getProperties().getHeaders();
            if (i > 0) {
                assertThat(((Number) headers.get("x-delivery-count")).intValue()).isEqualTo(i);
            }
            channel.basicNack(delivery.getEnvelope().getDeliveryTag(), false, true);
        }
        GetResponse got = Amqp.take(channel, dead);
        assertThat(got.getProps().getHeaders().get("x-first-death-reason"))
                .hasToString("delivery_limit");
    }

    @Test
    void itMustBeDurableAndShared(Amqp amqp) throws Exception {
        Channel transientOne = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "invalid property 'non-durable'"),
                transientOne,
                () ->
                        transientOne.queueDeclare(
                                amqp.queueName(),
                                false,
                                false,
                                false,
                                Map.of("x-queue-type", "quorum")));
        Channel exclusive = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "invalid property 'exclusive-owner'"),
                exclusive,
                () ->
                        exclusive.queueDeclare(
                                amqp.queueName(),
                                true,
                                true,
                                false,
                                Map.of("x-queue-type", "quorum")));
    }

    @Test
    void anotherTypeOfThatNameIsRefused(Amqp amqp) throws Exception {
        String queue = amqp.queue(amqp.channel(), Map.of("x-queue-type", "quorum"));
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "inequivalent arg 'x-queue-type'"),
                channel,
                () ->
                        channel.queueDeclare(
                                queue, true, false, false, Map.of("x-queue-type", "classic")));
    }

    @Test
    void aTypeThatNobodyKnowsIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "invalid arg 'x-queue-type'"),
                channel,
                () -> amqp.queue(channel, Map.of("x-queue-type", "strange")));
    }
}
