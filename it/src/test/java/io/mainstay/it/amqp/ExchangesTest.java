package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

/// Which queues each type of exchange finds, and the life of exchanges.
@AmqpTest
class ExchangesTest {
    private static final BasicProperties PLAIN = MessageProperties.MINIMAL_BASIC;

    @Test
    void theDefaultExchangeFindsQueuesByName(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "hello");
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("hello");
    }

    @Test
    void aDirectExchangeComparesKeys(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "direct");
        String red = amqp.boundQueue(channel, exchange, "red");
        String blue = amqp.boundQueue(channel, exchange, "blue");
        channel.queueBind(blue, exchange, "green");
        for (String key : List.of("red", "blue", "green", "Red", "")) {
            Amqp.publish(channel, exchange, key, PLAIN, key);
        }
        assertThat(Amqp.drain(channel, red)).containsExactly("red");
        assertThat(Amqp.drain(channel, blue)).containsExactly("blue", "green");
    }

    @Test
    void aFanoutExchangeFindsEveryQueueOnce(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "fanout");
        String one = amqp.boundQueue(channel, exchange, "a");
        String other = amqp.boundQueue(channel, exchange, "");
        channel.queueBind(one, exchange, "b");
        Amqp.publish(channel, exchange, "whatever", PLAIN, "m");
        assertThat(Amqp.drain(channel, one)).containsExactly("m");
        assertThat(Amqp.drain(channel, other)).containsExactly("m");
    }

    @ParameterizedTest
    @CsvSource({
        "a.*, a.b, true",
        "a.*, a, false",
        "a.*, a.b.c, false",
        "a.#, a, true",
        "a.#, a.b.c, true",
        "#, '', true",
        "#.c, a.b.c, true",
        "#.c, c, true",
        "*.*.c, a.b.c, true",
        // An empty key has no word.
        "*, '', false",
        "*.#, '', false",
        "a.#.z, a.z, true",
        "a.#.z, a.b.c.z, true",
        "a.#.#.z, a.b.z, true",
        "a.*.#, a, false",
        "a..b, a..b, true",
        "a.*.b, a..b, true",
        "a, a.b, false",
        "a.b, A.B, false",
    })
    void aTopicExchangeMatchesWords(String pattern, String key, boolean matches, Amqp amqp)
            throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "topic");
        String queue = amqp.boundQueue(channel, exchange, pattern);
        Amqp.publish(channel, exchange, key, PLAIN, "m");
        assertThat(Amqp.drain(channel, queue)).hasSize(matches ? 1 : 0);
    }

    @Test
    void aTopicExchangeForgetsAPatternThatIsUnbound(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "topic");
        String queue = amqp.boundQueue(channel, exchange, "a.*");
        channel.queueBind(queue, exchange, "a.#");
        channel.queueUnbind(queue, exchange, "a.#");
        Amqp.publish(channel, exchange, "a.b", PLAIN, "kept");
        Amqp.publish(channel, exchange, "a.b.c", PLAIN, "gone");
        assertThat(Amqp.drain(channel, queue)).containsExactly("kept");
    }

    @Test
    void aHeadersExchangeComparesAllOrAny(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "headers");
        String all = amqp.queue(channel);
        channel.queueBind(all, exchange, "", Map.of("x-match", "all", "colour", "red", "size", 7));
        String any = amqp.queue(channel);
        channel.queueBind(any, exchange, "", Map.of("x-match", "any", "colour", "red", "size", 7));
        String unsaid = amqp.queue(channel);
        channel.queueBind(unsaid, exchange, "", Map.of("colour", "red"));
        String nothing = amqp.queue(channel);
        channel.queueBind(nothing, exchange, "", Map.of());

        withHeaders(channel, exchange, Map.of("colour", "red", "size", 7), "both");
        withHeaders(channel, exchange, Map.of("colour", "red", "size", 8), "red");
        withHeaders(channel, exchange, Map.of("size", 7, "x-other", true), "seven");
        withHeaders(channel, exchange, Map.of(), "none");

        assertThat(Amqp.drain(channel, all)).containsExactly("both");
        assertThat(Amqp.drain(channel, any)).containsExactly("both", "red", "seven");
        assertThat(Amqp.drain(channel, unsaid)).containsExactly("both", "red");
        assertThat(Amqp.drain(channel, nothing)).containsExactly("both", "red", "seven", "none");
    }

    private static void withHeaders(
            Channel channel, String exchange, Map<String, Object> headers, String text)
            throws Exception {
        BasicProperties properties = new BasicProperties.Builder().headers(headers).build();
        Amqp.publish(channel, exchange, "", properties, text);
    }

    @Test
    void aConsistentHashExchangeFindsOneQueueAndTheSameForOneKey(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "x-consistent-hash");
        String one = amqp.boundQueue(channel, exchange, "1");
        String other = amqp.boundQueue(channel, exchange, "1");
        int keys = 100;
        for (int i = 0; i < keys; i++) {
            Amqp.publish(channel, exchange, "key-" + i, PLAIN, "key-" + i);
            Amqp.publish(channel, exchange, "key-" + i, PLAIN, "key-" + i);
        }
        List<String> first = Amqp.drain(channel, one);
        List<String> second = Amqp.drain(channel, other);
        assertThat(first.size() + second.size()).isEqualTo(2 * keys);
        assertThat(first).isNotEmpty().doesNotContainAnyElementsOf(second);
        assertThat(second).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amq.direct",
                "amq.fanout",
                "amq.topic",
                "amq.headers",
                "amq.match",
                "amq.rabbitmq.trace"
            })
    void exchangesOfTheStandardAreThereFromTheStart(String name, Amqp amqp) throws Exception {
        amqp.channel().exchangeDeclarePassive(name);
    }

    @Test
    void declaringTheSameAgainIsFine(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String name = amqp.exchange(channel, "topic");
        channel.exchangeDeclare(name, "topic", true);
        channel.exchangeDeclarePassive(name);
    }

    @Test
    void declaringAnotherOfThatNameIsRefused(Amqp amqp) throws Exception {
        String name = amqp.exchange(amqp.channel(), "topic");
        Channel other = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(
                        406,
                        "inequivalent arg 'type' for exchange '"
                                + name
                                + "' in vhost '/': received 'fanout' but current is 'topic'"),
                other,
                () -> other.exchangeDeclare(name, "fanout", true));
        Channel third = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "inequivalent arg 'durable'"),
                third,
                () -> third.exchangeDeclare(name, "topic", false));
    }

    @Test
    void aTypeThatNobodyKnowsIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.connection(503, "unknown exchange type 'x-nothing'"),
                channel,
                () -> channel.exchangeDeclare(amqp.exchangeName(), "x-nothing"));
    }

    @Test
    void anExchangeThatIsInUseIsNotDeletedIfUnused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "direct");
        String queue = amqp.boundQueue(channel, exchange, "k");
        ClosedBy.verify(
                ClosedBy.channel(406, "exchange '" + exchange + "' in vhost '/' in use"),
                channel,
                () -> channel.exchangeDelete(exchange, true));
        Channel next = amqp.channel();
        next.queueUnbind(queue, exchange, "k");
        next.exchangeDelete(exchange, true);
        ClosedBy.verify(
                ClosedBy.channel(404, "no exchange '" + exchange + "' in vhost '/'"),
                next,
                () -> next.exchangeDeclarePassive(exchange));
    }

    @Test
    void deletingWhatIsNotThereIsFine(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        channel.exchangeDelete(amqp.exchangeName());
        channel.queueDelete(amqp.queueName());
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void anAutoDeleteExchangeGoesWithItsLastBinding(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchangeName();
        channel.exchangeDeclare(exchange, "fanout", false, true, null);
        String queue = amqp.boundQueue(channel, exchange, "");
        String other = amqp.boundQueue(channel, exchange, "");
        channel.queueUnbind(queue, exchange, "");
        channel.exchangeDeclarePassive(exchange);
        channel.queueDelete(other);
        ClosedBy.verify(
                ClosedBy.channel(404, "no exchange '" + exchange + "'"),
                channel,
                () -> channel.exchangeDeclarePassive(exchange));
    }

    @Test
    void anInternalExchangeTakesNothingFromClients(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String inner = amqp.exchangeName();
        channel.exchangeDeclare(inner, "fanout", false, false, true, null);
        String outer = amqp.exchange(channel, "fanout");
        channel.exchangeBind(inner, outer, "");
        String queue = amqp.boundQueue(channel, inner, "");
        Amqp.publish(channel, outer, "", PLAIN, "through the outer one");
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("through the outer one");
        ClosedBy.verify(
                ClosedBy.channel(
                        403, "cannot publish to internal exchange '" + inner + "' in vhost '/'"),
                channel,
                () -> Amqp.publish(channel, inner, "", PLAIN, "directly"));
    }
}
