package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.Return;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The headers CC and BCC: further routing keys.
@AmqpTest
class CopiesTest {

    private static BasicProperties copies(Map<String, Object> headers) {
        return new BasicProperties.Builder().headers(headers).build();
    }

    @Test
    void aMessageGoesToAllOfThemAndHidesTheBlindOnes(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String to = amqp.queue(channel);
        String cc = amqp.queue(channel);
        String bcc = amqp.queue(channel);
        Amqp.publish(channel, "", to, copies(Map.of("CC", List.of(cc), "BCC", List.of(bcc))), "m");
        for (String queue : List.of(to, cc, bcc)) {
            GetResponse got = Amqp.take(channel, queue);
            assertThat(got.getProps().getHeaders()).containsKey("CC").doesNotContainKey("BCC");
            assertThat(got.getEnvelope().getRoutingKey()).isEqualTo(to);
        }
    }

    @Test
    void exchangesOnTheWayLookAtAllOfThem(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String direct = amqp.exchange(channel, "direct");
        String topic = amqp.exchange(channel, "topic");
        channel.exchangeBind(topic, direct, "one");
        String queue = amqp.boundQueue(channel, topic, "other");
        Map<String, Object> headers = Map.of("CC", List.of("one"), "BCC", List.of("other"));
        Amqp.publish(channel, direct, "none", copies(headers), "m");
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("m");
    }

    @Test
    void anAlternateTakesWhatNoneOfThemRoutes(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String rest = amqp.exchange(channel, "fanout");
        String exchange = amqp.exchange(channel, "direct", Map.of("alternate-exchange", rest));
        String queue = amqp.boundQueue(channel, exchange, "cc");
        String others = amqp.boundQueue(channel, rest, "");
        Amqp.publish(channel, exchange, "none", copies(Map.of("CC", List.of("cc"))), "routed");
        Amqp.publish(channel, exchange, "none", copies(Map.of("CC", List.of("dd"))), "rest");
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("routed");
        assertThat(Amqp.takeText(channel, others)).isEqualTo("rest");
    }

    @Test
    void whatDiesGoesToAllOfThemAgainUnlessItGetsAnotherKey(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.exchange(channel, "direct");
        String cc = amqp.boundQueue(channel, dead, "cc");
        String bcc = amqp.boundQueue(channel, dead, "bcc");
        String other = amqp.boundQueue(channel, dead, "other");
        String to = amqp.queue(channel, Map.of("x-dead-letter-exchange", dead));
        String byKey =
                amqp.queue(
                        channel,
                        Map.of(
                                "x-dead-letter-exchange",
                                dead,
                                "x-dead-letter-routing-key",
                                "other"));
        Map<String, Object> headers = Map.of("CC", List.of("cc"), "BCC", List.of("bcc"));
        Amqp.publish(channel, "", to, copies(headers), "m");
        reject(channel, to);
        for (String queue : List.of(cc, bcc)) {
            assertThat(Amqp.take(channel, queue).getProps().getHeaders())
                    .containsKeys("CC", "x-death")
                    .doesNotContainKey("BCC");
        }
        Amqp.publish(channel, "", byKey, copies(headers), "m");
        reject(channel, byKey);
        assertThat(Amqp.take(channel, other).getProps().getHeaders())
                .doesNotContainKeys("CC", "BCC");
        assertThat(Amqp.ready(channel, cc) + Amqp.ready(channel, bcc)).isZero();
    }

    private static void reject(Channel channel, String queue) throws Exception {
        GetResponse got =
                Conditions.value("a message", Amqp.SOON, () -> channel.basicGet(queue, false));
        channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
    }

    @Test
    void whatComesBackToItsPublisherHidesTheBlindOnes(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        BlockingQueue<Return> returned = new LinkedBlockingQueue<>();
        channel.addReturnListener(returned::add);
        channel.basicPublish(
                "amq.direct", "nowhere", true, copies(Map.of("BCC", List.of("nowhere"))), null);
        Return back = returned.poll(Amqp.SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(back.getProperties().getHeaders()).doesNotContainKey("BCC");
    }

    @Test
    void whatIsNoListIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String to = amqp.queue(channel);
        ClosedBy.verify(
                ClosedBy.channel(
                        406, "invalid message: {unacceptable_type_in_header,\"CC\",longstr}"),
                channel,
                () -> Amqp.publish(channel, "", to, copies(Map.of("CC", "one")), "m"));
    }
}
