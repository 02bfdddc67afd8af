package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where rejected, expired and surplus messages go, and what they tell of their past.
@AmqpTest
class DeadLettersTest {

    /// A queue whose dead letters go to another one through the default exchange.
    private static String queueTo(
            Amqp amqp, Channel channel, String target, Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("x-dead-letter-exchange", "");
        arguments.put("x-dead-letter-routing-key", target);
        return amqp.queue(channel, arguments);
    }

    private static void reject(Channel channel, String queue) {
        GetResponse got =
                Conditions.value("a message", Amqp.SOON, () -> channel.basicGet(queue, false));
        try {
            channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> deaths(GetResponse dead) {
        return (List<Map<String, Object>>) dead.getProps().getHeaders().get("x-death");
    }

    @Test
    void deathsThatNobodyCountedAreForgotten(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue = queueTo(amqp, channel, dead, Map.of());
        Map<String, Object> early = Map.of("queue", "q-of-old", "reason", "rejected");
        BasicProperties sent =
                new BasicProperties.Builder()
                        .headers(Map.of("x-death", List.of(early, early)))
                        .build();
        Amqp.publish(channel, "", queue, sent, "m");
        reject(channel, queue);
        assertThat(deaths(Amqp.take(channel, dead)))
                .singleElement()
                .satisfies(death -> assertThat(death.get("queue")).hasToString(queue));
    }

    @Test
    void aRejectedMessageTellsItsDeath(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue = queueTo(amqp, channel, dead, Map.of());
        BasicProperties sent =
                new BasicProperties.Builder()
                        .messageId("id")
                        .headers(Map.of("mine", 1))
                        .deliveryMode(2)
                        .build();
        Amqp.publish(channel, "", queue, sent, "m");
        reject(channel, queue);

        GetResponse got = Amqp.take(channel, dead);
        assertThat(Amqp.text(got)).isEqualTo("m");
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo(dead);
        assertThat(got.getProps().getMessageId()).isEqualTo("id");
        Map<String, Object> headers = got.getProps().getHeaders();
        assertThat(headers.get("mine")).isEqualTo(1);
        assertThat(headers.get("x-first-death-reason")).hasToString("rejected");
        assertThat(headers.get("x-first-death-queue")).hasToString(queue);
        assertThat(headers.get("x-first-death-exchange")).hasToString("");
        assertThat(deaths(got)).hasSize(1);
        Map<String, Object> death = deaths(got).getFirst();
        assertThat(death.get("count")).isEqualTo(1L);
        assertThat(death.get("reason")).hasToString("rejected");
        assertThat(death.get("queue")).hasToString(queue);
        assertThat(death.get("exchange")).hasToString("");
        assertThat(death.get("time")).isInstanceOf(Date.class);
        assertThat((List<?>) death.get("routing-keys")).hasToString("[" + queue + "]");
    }

    @Test
    void anExpiredMessageLosesItsTimeAndRemembersIt(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue = queueTo(amqp, channel, dead, Map.of());
        BasicProperties sent = new BasicProperties.Builder().expiration("50").build();
        Amqp.publish(channel, "", queue, sent, "m");
        GetResponse got = Amqp.take(channel, dead);
        assertThat(got.getProps().getExpiration()).isNull();
        Map<String, Object> death = deaths(got).getFirst();
        assertThat(death.get("reason")).hasToString("expired");
        assertThat(death.get("original-expiration")).hasToString("50");
    }

    @Test
    void aMessageOfAQueueWithATimeGoesToo(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue = queueTo(amqp, channel, dead, Map.of("x-message-ttl", 50));
        Amqp.send(channel, queue, "a", "b", "c");
        Amqp.awaitReady(channel, dead, 3);
        assertThat(Amqp.drain(channel, dead)).containsExactly("a", "b", "c");
    }

    @Test
    void surplusMessagesGoFromTheHead(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue = queueTo(amqp, channel, dead, Map.of("x-max-length", 2));
        Amqp.send(channel, queue, "a", "b", "c");
        GetResponse got = Amqp.take(channel, dead);
        assertThat(Amqp.text(got)).isEqualTo("a");
        assertThat(deaths(got).getFirst().get("reason")).hasToString("maxlen");
        assertThat(Amqp.drain(channel, queue)).containsExactly("b", "c");
    }

    @Test
    void withoutAKeyOfItsOwnTheMessagesKeyIsKept(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "topic");
        String dead = amqp.boundQueue(channel, exchange, "order.*");
        String queue = amqp.queue(channel, Map.of("x-dead-letter-exchange", exchange));
        String entry = amqp.exchange(channel, "topic");
        channel.queueBind(queue, entry, "#");
        Amqp.publish(channel, entry, "order.paid", MessageProperties.MINIMAL_BASIC, "m");
        reject(channel, queue);
        GetResponse got = Amqp.take(channel, dead);
        assertThat(got.getEnvelope().getExchange()).isEqualTo(exchange);
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("order.paid");
        assertThat(deaths(got).getFirst().get("exchange")).hasToString(entry);
    }

    @Test
    void deathsOfOneKindAreCounted(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String retry = amqp.queueName();
        String work = queueTo(amqp, channel, retry, Map.of());
        channel.queueDeclare(
                retry,
                true,
                false,
                false,
                Map.of(
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        work,
                        "x-message-ttl",
                        20));
        Amqp.send(channel, work, "m");
        for (int i = 0; i < 3; i++) {
            reject(channel, work);
        }
        GetResponse got = Amqp.take(channel, work);
        assertThat(deaths(got)).hasSize(2);
        // The latest kind of death is the first.
        assertThat(deaths(got).get(0).get("reason")).hasToString("expired");
        assertThat(deaths(got).get(0).get("count")).isEqualTo(3L);
        assertThat(deaths(got).get(1).get("reason")).hasToString("rejected");
        assertThat(deaths(got).get(1).get("count")).isEqualTo(3L);
        assertThat(got.getProps().getHeaders().get("x-first-death-reason")).hasToString("rejected");
    }

    @Test
    void aMessageThatGoesRoundWithoutARejectionIsDropped(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String watch = amqp.queue(channel);
        String queue = amqp.queueName();
        channel.queueDeclare(
                queue,
                true,
                false,
                false,
                Map.of(
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        queue,
                        "x-message-ttl",
                        20));
        Amqp.store(channel, queue, "m");
        Amqp.awaitReady(channel, queue, 0);
        Amqp.publish(
                channel,
                "",
                watch,
                new BasicProperties.Builder().expiration("200").build(),
                "clock");
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        Amqp.awaitReady(channel, watch, 0);
        assertThat(Amqp.ready(channel, queue)).isZero();
    }

    @Test
    void anExchangeThatIsMissingSwallowsThem(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-dead-letter-exchange", amqp.exchangeName()));
        Amqp.send(channel, queue, "m");
        reject(channel, queue);
        assertThat(channel.basicGet(queue, true)).isNull();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aKeyWithoutAnExchangeIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "x-dead-letter-routing-key"),
                channel,
                () -> amqp.queue(channel, Map.of("x-dead-letter-routing-key", "k")));
    }
}
