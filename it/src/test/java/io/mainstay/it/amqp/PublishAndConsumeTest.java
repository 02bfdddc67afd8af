package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What is published comes out as it went in, in its order.
@AmqpTest
class PublishAndConsumeTest {

    @Test
    void aConsumerGetsMessagesInTheOrderOfPublishing(Amqp amqp) throws Exception {
        int messages = 2_000;
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        List<String> texts = IntStream.range(0, messages).mapToObj(Integer::toString).toList();
        // Half of them wait already, the others come while it consumes.
        Amqp.send(channel, queue, texts.subList(0, messages / 2).toArray(String[]::new));
        Inbox inbox = Inbox.on(amqp.channel(), queue, true, Map.of());
        Amqp.send(channel, queue, texts.subList(messages / 2, messages).toArray(String[]::new));
        assertThat(inbox.nextTexts(messages)).isEqualTo(texts);
    }

    @Test
    void theEnvelopeSaysWhereItCameFrom(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "topic");
        String queue = amqp.boundQueue(channel, exchange, "#");
        Inbox inbox = Inbox.on(channel, queue);
        Amqp.publish(channel, exchange, "some.key", MessageProperties.MINIMAL_BASIC, "m");
        Delivery delivery = inbox.next();
        assertThat(delivery.getEnvelope().getExchange()).isEqualTo(exchange);
        assertThat(delivery.getEnvelope().getRoutingKey()).isEqualTo("some.key");
        assertThat(delivery.getEnvelope().getDeliveryTag()).isEqualTo(1);
        assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void everyPropertyIsKept(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        BasicProperties sent =
                new BasicProperties.Builder()
                        .contentType("application/json")
                        .contentEncoding("gzip")
                        .headers(Map.of("trace", "abc"))
                        .deliveryMode(2)
                        .priority(4)
                        .correlationId("correlation")
                        .replyTo("reply")
                        .expiration("3600000")
                        .messageId("id")
                        .timestamp(new Date(1_700_000_000_000L))
                        .type("order")
                        .userId("guest")
                        .appId("shop")
                        .clusterId("cluster")
                        .build();
        channel.basicPublish("", queue, sent, Amqp.bytes("{}"));
        BasicProperties got = Amqp.take(channel, queue).getProps();
        assertThat(got.getHeaders().get("trace")).hasToString("abc");
        assertThat(got.builder().headers(null).build())
                .isEqualTo(sent.builder().headers(null).build());
    }

    @Test
    void noPropertyIsInvented(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.basicPublish("", queue, new BasicProperties(), new byte[0]);
        GetResponse got = Amqp.take(channel, queue);
        assertThat(got.getProps()).isEqualTo(new BasicProperties());
        assertThat(got.getBody()).isEmpty();
    }

    @Test
    void headersOfAllTypesAreKept(Amqp amqp) throws Exception {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("bool", true);
        headers.put("byte", (byte) -3);
        headers.put("short", (short) -300);
        headers.put("int", -70_000);
        headers.put("long", 1L << 40);
        headers.put("float", 1.5f);
        headers.put("double", -2.25d);
        headers.put("decimal", new BigDecimal("12.345"));
        headers.put("date", new Date(1_700_000_000_000L));
        headers.put("bytes", new byte[] {0, -1, 2});
        headers.put("none", null);
        headers.put("list", List.of(1, 2L, true));
        headers.put("table", Map.of("inner", 1));
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.basicPublish(
                "", queue, new BasicProperties.Builder().headers(headers).build(), new byte[1]);
        Map<String, Object> got = Amqp.take(channel, queue).getProps().getHeaders();
        assertThat(got).usingRecursiveComparison().isEqualTo(headers);
    }

    @Test
    void textInHeadersOfAnyLengthIsKept(Amqp amqp) throws Exception {
        String text = "ä€𝄞".repeat(2_000);
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.basicPublish(
                "",
                queue,
                new BasicProperties.Builder().headers(Map.of("text", text)).build(),
                new byte[1]);
        LongString got = (LongString) Amqp.take(channel, queue).getProps().getHeaders().get("text");
        assertThat(Amqp.text(got.getBytes())).isEqualTo(text);
    }

    @Test
    void getOnAnEmptyQueueAnswersEmptyAndOtherwiseTellsHowManyAreLeft(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        assertThat(channel.basicGet(queue, false)).isNull();
        Amqp.send(channel, queue, "a", "b", "c");
        assertThat(Amqp.take(channel, queue).getMessageCount()).isEqualTo(2);
        assertThat(Amqp.take(channel, queue).getMessageCount()).isEqualTo(1);
        assertThat(Amqp.take(channel, queue).getMessageCount()).isZero();
        assertThat(channel.basicGet(queue, false)).isNull();
    }

    @Test
    void consumersOfOneQueueShareItsMessages(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Channel one = amqp.channel();
        Channel other = amqp.channel();
        one.basicQos(1);
        other.basicQos(1);
        Inbox first = Inbox.on(one, queue);
        Inbox second = Inbox.on(other, queue);
        Amqp.send(channel, queue, "a", "b");
        assertThat(List.of(first.nextText(), second.nextText()))
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aConsumerDoesNotGetWhatComesAfterItsCancel(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Inbox inbox = Inbox.on(channel, queue, true, Map.of());
        Amqp.send(channel, queue, "before");
        assertThat(inbox.nextText()).isEqualTo("before");
        channel.basicCancel(inbox.getConsumerTag());
        Amqp.send(channel, queue, "after");
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("after");
        assertThat(inbox.isEmpty()).isTrue();
    }
}
