package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

/// Queues that serve one consumer at a time.
@AmqpTest
class SingleActiveConsumerTest {
    private static final String SINGLE = "x-single-active-consumer";

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum"})
    void theOthersWaitUntilTheActiveOneEnds(String type, Amqp amqp) throws Exception {
        Channel publisher = amqp.channel();
        String queue = amqp.queue(publisher, Map.of(SINGLE, true, "x-queue-type", type));
        Channel first = amqp.channel();
        Inbox active = Inbox.on(first, queue);
        Inbox waiting = Inbox.on(amqp.channel(), queue);
        Amqp.send(publisher, queue, "a", "b");
        assertThat(active.nextTexts(2)).containsExactly("a", "b");
        assertThat(waiting.isEmpty()).isTrue();
        first.close();
        // What the first one held comes to the next one, in order and before what comes later.
        Amqp.send(publisher, queue, "c");
        assertThat(waiting.nextTexts(3)).isEqualTo(List.of("a", "b", "c"));
    }

    @Test
    void aFullActiveConsumerIsWaitedFor(Amqp amqp) throws Exception {
        Channel publisher = amqp.channel();
        String queue = amqp.queue(publisher, Map.of(SINGLE, true));
        Channel first = amqp.channel();
        first.basicQos(1);
        Inbox active = Inbox.on(first, queue);
        Inbox waiting = Inbox.on(amqp.channel(), queue);
        Amqp.send(publisher, queue, "a", "b");
        var a = active.next();
        Amqp.awaitReady(publisher, queue, 1);
        assertThat(waiting.isEmpty()).isTrue();
        first.basicAck(a.getEnvelope().getDeliveryTag(), false);
        assertThat(active.nextText()).isEqualTo("b");
    }

    @Test
    void nothingIsGotFromAQuorumQueueBesideIt(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of(SINGLE, true, "x-queue-type", "quorum"));
        Amqp.send(channel, queue, "m");
        ClosedBy.verify(
                ClosedBy.channel(
                        405,
                        "basic.get operations are not supported by quorum queues with single active consumer"),
                channel,
                () -> channel.basicGet(queue, true));
        assertThat(Inbox.on(amqp.channel(), queue).nextText()).isEqualTo("m");
    }

    @Test
    void anExclusiveConsumerIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of(SINGLE, true));
        ClosedBy.verify(
                ClosedBy.channel(403, "queue '" + queue + "' in vhost '/' in exclusive use"),
                channel,
                () ->
                        channel.basicConsume(
                                queue,
                                true,
                                "",
                                false,
                                true,
                                null,
                                new com.rabbitmq.client.DefaultConsumer(channel)));
    }
}
