package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.Test;

/// Exchanges that are bound to exchanges.
@AmqpTest
class ExchangeToExchangeTest {

    private static void publish(Channel channel, String exchange, String key) throws Exception {
        Amqp.publish(channel, exchange, key, MessageProperties.MINIMAL_BASIC, key);
    }

    @Test
    void aMessageGoesThroughAChainAndEachExchangeLooksAtItsKey(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String first = amqp.exchange(channel, "topic");
        String second = amqp.exchange(channel, "direct");
        channel.exchangeBind(second, first, "order.#");
        String queue = amqp.boundQueue(channel, second, "order.paid");
        publish(channel, first, "order.paid");
        publish(channel, first, "order.sent");
        publish(channel, first, "stock.low");
        assertThat(Amqp.drain(channel, queue)).containsExactly("order.paid");
    }

    @Test
    void aQueueThatIsReachedByTwoWaysGetsAMessageOnce(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String source = amqp.exchange(channel, "fanout");
        String left = amqp.exchange(channel, "fanout");
        String right = amqp.exchange(channel, "fanout");
        channel.exchangeBind(left, source, "");
        channel.exchangeBind(right, source, "");
        String queue = amqp.boundQueue(channel, left, "");
        channel.queueBind(queue, right, "");
        channel.queueBind(queue, source, "");
        publish(channel, source, "m");
        assertThat(Amqp.drain(channel, queue)).containsExactly("m");
    }

    @Test
    void aRingOfExchangesIsFollowedOnce(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String one = amqp.exchange(channel, "fanout");
        String other = amqp.exchange(channel, "fanout");
        channel.exchangeBind(one, other, "");
        channel.exchangeBind(other, one, "");
        String queue = amqp.boundQueue(channel, other, "");
        publish(channel, one, "m");
        assertThat(Amqp.drain(channel, queue)).containsExactly("m");
    }

    @Test
    void anUnboundExchangeGetsNothing(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String source = amqp.exchange(channel, "direct");
        String target = amqp.exchange(channel, "fanout");
        channel.exchangeBind(target, source, "k");
        channel.exchangeUnbind(target, source, "k");
        String queue = amqp.boundQueue(channel, target, "");
        publish(channel, source, "k");
        assertThat(Amqp.drain(channel, queue)).isEmpty();
    }

    @Test
    void whatIsNotThereIsUnbound(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String there = amqp.exchange(channel, "direct");
        channel.exchangeUnbind(amqp.exchangeName(), there, "k");
        channel.exchangeUnbind(there, amqp.exchangeName(), "k");
        ClosedBy.verify(
                ClosedBy.channel(403, "operation not permitted on the default exchange"),
                channel,
                () -> channel.exchangeUnbind(there, "", "k"));
    }

    @Test
    void aDeletedExchangeTakesItsBindingsAlong(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String source = amqp.exchange(channel, "fanout");
        String target = amqp.exchange(channel, "fanout");
        channel.exchangeBind(target, source, "");
        String queue = amqp.boundQueue(channel, target, "");
        channel.exchangeDelete(target);
        channel.exchangeDeclare(target, "fanout", true);
        channel.queueBind(queue, target, "");
        publish(channel, source, "m");
        assertThat(Amqp.drain(channel, queue)).isEmpty();
    }

    @Test
    void bindingToWhatIsNotThereIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String source = amqp.exchange(channel, "fanout");
        String missing = amqp.exchangeName();
        ClosedBy.verify(
                ClosedBy.channel(404, "no exchange '" + missing + "' in vhost '/'"),
                channel,
                () -> channel.exchangeBind(missing, source, ""));
    }
}
