package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Exchanges of type `x-delayed-message`, as RabbitMQ's plug-in has them (Debian's package has not).
@AmqpTest
class DelayedMessagesTest {

    private static final long AN_HOUR_MS = 3_600_000;

    @BeforeEach
    void needsThePlugin(Broker broker) {
        assumeTrue(broker.isMainstay(), "the broker may lack the plug-in");
    }

    private static BasicProperties delayed(Object delayMs) {
        return headers(Map.of("x-delay", delayMs));
    }

    private static BasicProperties headers(Map<String, Object> headers) {
        return new BasicProperties.Builder().headers(headers).deliveryMode(2).build();
    }

    private static void publish(Channel channel, String exchange, Object delayMs, String text)
            throws Exception {
        Amqp.publish(channel, exchange, "k", delayed(delayMs), text);
    }

    private static String exchange(Amqp amqp, Channel channel, String type) throws IOException {
        return amqp.exchange(channel, "x-delayed-message", Map.of("x-delayed-type", type));
    }

    @Test
    void messagesComeInTheOrderOfTheirTimes(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = exchange(amqp, channel, "direct");
        String queue = amqp.boundQueue(channel, exchange, "k");
        Inbox inbox = Inbox.on(channel, queue, true, Map.of());
        // So that all times begin at once.
        channel.txSelect();
        publish(channel, exchange, 1_500, "last");
        publish(channel, exchange, AN_HOUR_MS, "never");
        publish(channel, exchange, 500, "second");
        publish(channel, exchange, 1, "first");
        channel.txCommit();
        assertThat(inbox.nextTexts(3)).containsExactly("first", "second", "last");
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void noMessageComesEarlyAndItsDelayIsNegatedWhenItComes(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange = exchange(amqp, channel, "fanout");
        Inbox inbox = Inbox.on(channel, amqp.boundQueue(channel, exchange, ""), true, Map.of());
        // Typed as clients send them: integers, text, a fraction.
        List<Object> delays = List.of(100, 200L, (short) 300, "400", 500.9d, 600.0f);
        List<Object> negated = List.of(-100, -200L, (short) -300, -400L, -500L, -600L);
        long begun = System.currentTimeMillis();
        for (Object delay : delays) {
            publish(channel, exchange, delay, "m");
        }
        for (int i = 0; i < delays.size(); i++) {
            Delivery delivery = inbox.next();
            assertThat(System.currentTimeMillis() - begun).isGreaterThanOrEqualTo(100L * (i + 1));
            assertThat(delivery.getProperties().getHeaders())
                    .containsEntry("x-delay", negated.get(i));
            assertThat(delivery.getEnvelope().getExchange()).isEqualTo(exchange);
            assertThat(delivery.getEnvelope().getRoutingKey()).isEqualTo("k");
        }
    }

    @Test
    void whatHasNoDelayIsRoutedAtOnceAndReturnedIfNoQueueTakesIt(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange = exchange(amqp, channel, "direct");
        Inbox inbox = Inbox.on(channel, amqp.boundQueue(channel, exchange, "k"), true, Map.of());
        AtomicInteger returned = new AtomicInteger();
        channel.addReturnListener(message -> returned.incrementAndGet());
        List<Object> none = List.of(0, -5, "soon", true, Long.MIN_VALUE);
        for (Object delay : none) {
            publish(channel, exchange, delay, "at once");
            channel.basicPublish(exchange, "nobody", true, delayed(delay), Amqp.bytes("back"));
        }
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(inbox.nextTexts(none.size())).containsOnly("at once");
        assertThat(returned.get()).isEqualTo(none.size());

        channel.basicPublish(exchange, "nobody", true, delayed(1), Amqp.bytes("gone"));
        publish(channel, exchange, 50, "the last one");
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(inbox.nextText()).isEqualTo("the last one");
        assertThat(returned.get()).as("what waited is not returned").isEqualTo(none.size());
    }

    @Test
    void bindingsOfTheMomentWhenItIsDueDecide(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange = exchange(amqp, channel, "topic");
        String early = amqp.boundQueue(channel, exchange, "a.*");
        BasicProperties copied =
                headers(Map.of("x-delay", 700, "CC", List.of("x.y"), "BCC", List.of("z.z")));
        String front = amqp.exchange(channel, "fanout");
        channel.exchangeBind(exchange, front, "");
        Amqp.publish(channel, exchange, "a.b", copied, "m");
        Amqp.publish(channel, front, "a.b", copied, "m");
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        channel.queueUnbind(early, exchange, "a.*");
        Inbox main = Inbox.on(channel, amqp.boundQueue(channel, exchange, "#.b"), true, Map.of());
        Inbox cc = Inbox.on(channel, amqp.boundQueue(channel, exchange, "x.*"), true, Map.of());
        Inbox bcc = Inbox.on(channel, amqp.boundQueue(channel, exchange, "z.*"), true, Map.of());
        for (Inbox inbox : List.of(main, cc, bcc)) {
            assertThat(inbox.next().getProperties().getHeaders()).doesNotContainKey("BCC");
            assertThat(inbox.next().getProperties().getHeaders()).doesNotContainKey("BCC");
        }
        assertThat(Amqp.ready(channel, early)).isZero();
    }

    @Test
    void exchangesInARowWaitOnceAndQueuesBesideThemNot(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String first = amqp.exchange(channel, "fanout");
        String second = exchange(amqp, channel, "fanout");
        String third = exchange(amqp, channel, "fanout");
        channel.exchangeBind(second, first, "");
        channel.exchangeBind(third, second, "");
        Inbox beside = Inbox.on(channel, amqp.boundQueue(channel, first, ""), true, Map.of());
        Inbox behind = Inbox.on(channel, amqp.boundQueue(channel, third, ""), true, Map.of());
        long begun = System.currentTimeMillis();
        publish(channel, first, 400, "m");
        assertThat(beside.next().getProperties().getHeaders().get("x-delay")).isEqualTo(400);
        Delivery delivery = behind.next();
        assertThat(System.currentTimeMillis() - begun).isGreaterThanOrEqualTo(400);
        assertThat(delivery.getEnvelope().getExchange()).isEqualTo(first);
        assertThat(delivery.getProperties().getHeaders().get("x-delay")).isEqualTo(-400);
    }

    @Test
    void aRejectedMessageIsTriedAgainLater(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String retry = exchange(amqp, channel, "fanout");
        String work = amqp.queue(channel, Map.of("x-dead-letter-exchange", retry));
        Inbox again = Inbox.on(channel, amqp.boundQueue(channel, retry, ""), true, Map.of());
        Amqp.publish(channel, "", work, delayed(300), "m");
        long begun = System.currentTimeMillis();
        var got = Conditions.value("the message", Amqp.SOON, () -> channel.basicGet(work, false));
        channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
        assertThat(again.nextText()).isEqualTo("m");
        assertThat(System.currentTimeMillis() - begun).isGreaterThanOrEqualTo(300);
    }

    @Test
    void transactionsAndLargeMessagesWaitToo(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = exchange(amqp, channel, "direct");
        Inbox inbox = Inbox.on(channel, amqp.boundQueue(channel, exchange, "k"), true, Map.of());
        channel.txSelect();
        publish(channel, exchange, 300, "rolled back");
        channel.txRollback();
        publish(channel, exchange, 300, "committed");
        channel.txCommit();
        assertThat(inbox.nextText()).isEqualTo("committed");

        Channel plain = amqp.confirming();
        byte[] body = new byte[3 << 20];
        new Random(1).nextBytes(body);
        plain.basicPublish(exchange, "k", delayed(200), body);
        plain.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(inbox.next().getBody()).isEqualTo(body);
    }

    @Test
    void itsTimeToLiveBeginsWhenItIsRouted(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange = exchange(amqp, channel, "direct");
        String dead = amqp.queue(channel);
        String queue =
                amqp.queue(
                        channel,
                        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
        channel.queueBind(queue, exchange, "k");
        BasicProperties shortLived =
                new BasicProperties.Builder()
                        .headers(Map.of("x-delay", 400))
                        .expiration("100")
                        .build();
        long begun = System.currentTimeMillis();
        Amqp.publish(channel, exchange, "k", shortLived, "m");
        assertThat(Amqp.takeText(channel, dead)).isEqualTo("m");
        assertThat(System.currentTimeMillis() - begun).isGreaterThanOrEqualTo(500);
    }

    @Test
    void manyComeInOrderAndEachOnce(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange = exchange(amqp, channel, "direct");
        Inbox inbox = Inbox.on(channel, amqp.boundQueue(channel, exchange, "k"), true, Map.of());
        int count = 20_000;
        Random random = new Random(7);
        // Far enough apart that it does not matter when each is published.
        long base = System.currentTimeMillis() + 4_000;
        Map<String, Long> due = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long at = base + 50 * random.nextInt(20);
            due.put(Integer.toString(i), at);
            publish(channel, exchange, at - System.currentTimeMillis(), Integer.toString(i));
        }
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        List<String> texts = inbox.nextTexts(count);
        assertThat(texts).doesNotHaveDuplicates().hasSize(count);
        long latest = 0;
        int outOfOrder = 0;
        for (String text : texts) {
            outOfOrder += due.get(text) < latest - 1_000 ? 1 : 0;
            latest = Math.max(latest, due.get(text));
        }
        assertThat(outOfOrder).isZero();
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void whatWaitsGoesWithItsExchange(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange = exchange(amqp, channel, "direct");
        String queue = amqp.boundQueue(channel, exchange, "k");
        publish(channel, exchange, 2_000, "of the first exchange");
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        channel.exchangeDelete(exchange);
        Map<String, Object> arguments = Map.of("x-delayed-type", "direct");
        channel.exchangeDeclare(exchange, "x-delayed-message", true, false, arguments);
        channel.queueBind(queue, exchange, "k");
        publish(channel, exchange, 2_500, "of the second");
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("of the second");
        assertThat(Amqp.drain(channel, queue)).isEmpty();
    }

    @Test
    void theTypeThatItStandsForIsNeeded(Amqp amqp) throws Exception {
        List<Map<String, Object>> wrong = new ArrayList<>();
        wrong.add(Map.of());
        wrong.add(Map.of("x-delayed-type", "x-delayed-message"));
        wrong.add(Map.of("x-delayed-type", "no-such"));
        for (Map<String, Object> arguments : wrong) {
            Channel channel = amqp.channel();
            assertThatThrownBy(() -> amqp.exchange(channel, "x-delayed-message", arguments))
                    .isInstanceOf(IOException.class)
                    .hasRootCauseMessage(rootMessage());
        }
    }

    private static String rootMessage() {
        return "channel error; protocol method: #method<channel.close>(reply-code=406, reply-text=PRECONDITION_FAILED - Invalid argument, 'x-delayed-type'"
                + " must be an existing exchange type, class-id=40, method-id=10)";
    }
}
