package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Messages with the headers `x-deduplication-publisher` and `x-deduplication-sequence`: a queue takes each once.
@AmqpTest
class DeduplicationTest {

    @BeforeEach
    void onOurBrokerOnly(Broker broker) {
        assumeTrue(broker.isMainstay(), "RabbitMQ has nothing of the kind for AMQP");
    }

    @Test
    void whatComesAgainIsConfirmedAndNotThereTwice(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel);
        for (int sequence : new int[] {1, 2, 2, 1, 3, 1, 2, 3}) {
            publish(channel, "", queue, "orders", sequence);
        }
        publish(channel, "", queue, "others", 1);
        Amqp.store(channel, queue, "plain", "plain");
        assertThat(Amqp.drain(channel, queue))
                .containsExactly("orders 1", "orders 2", "orders 3", "others 1", "plain", "plain");
        publish(channel, "", queue, "orders", 3);
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(Amqp.ready(channel, queue)).isZero();
    }

    @Test
    void channelsOfOnePublisherMayOvertakeOneAnother(Amqp amqp) throws Exception {
        Channel one = amqp.confirming();
        Channel other = amqp.confirming();
        String queue = amqp.queue(one);
        publish(one, "", queue, "orders", 2_000);
        one.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        publish(other, "", queue, "orders", 1_999);
        publish(other, "", queue, "orders", 2_000);
        other.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(Amqp.drain(one, queue)).containsExactly("orders 2000", "orders 1999");
    }

    @Test
    void eachQueueKnowsForItself(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange = amqp.exchange(channel, "fanout");
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            queues.add(amqp.boundQueue(channel, exchange, ""));
        }
        publish(channel, exchange, "", "orders", 1);
        String late = amqp.boundQueue(channel, exchange, "");
        publish(channel, exchange, "", "orders", 1);
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        queues.add(late);
        for (String queue : queues) {
            assertThat(Amqp.drain(channel, queue)).as(queue).containsExactly("orders 1");
        }
    }

    @Test
    void theTwoHeadersAreNoPartOfTheMessage(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel);
        Map<String, Object> headers = headers("orders", 1);
        headers.put("x-mine", "kept");
        channel.basicPublish("", queue, properties(headers), Amqp.bytes("m"));
        GetResponse got = Amqp.take(channel, queue);
        assertThat(got.getProps().getHeaders()).containsOnlyKeys("x-mine");
        // So who passes it on with its headers does not publish in the name of another.
        channel.basicPublish("", queue, got.getProps(), got.getBody());
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("m");
    }

    @Test
    void transactionsAndRollbacksCountAsWhatTheyAre(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.txSelect();
        publish(channel, "", queue, "orders", 1);
        channel.txRollback();
        publish(channel, "", queue, "orders", 1);
        publish(channel, "", queue, "orders", 2);
        publish(channel, "", queue, "orders", 2);
        channel.txCommit();
        publish(channel, "", queue, "orders", 1);
        publish(channel, "", queue, "orders", 3);
        channel.txCommit();
        assertThat(Amqp.drain(amqp.channel(), queue))
                .containsExactly("orders 1", "orders 2", "orders 3");
    }

    @Test
    void largeMessagesInPieces(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel);
        byte[] body = new byte[3 << 20];
        for (int i = 0; i < 3; i++) {
            Arrays.fill(body, (byte) i);
            channel.basicPublish("", queue, properties(headers("orders", 1)), body);
        }
        Arrays.fill(body, (byte) 7);
        channel.basicPublish("", queue, properties(headers("orders", 2)), body);
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        byte[] first = Amqp.take(channel, queue).getBody();
        assertThat(first).hasSameSizeAs(body);
        assertThat(first[0]).isZero();
        assertThat(Amqp.take(channel, queue).getBody()).isEqualTo(body);
        assertThat(Amqp.ready(channel, queue)).isZero();
    }

    @Test
    void aDelayedExchangeTakesEachOnceAndDeliversInTheOrderOfTimes(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange =
                amqp.exchange(channel, "x-delayed-message", Map.of("x-delayed-type", "fanout"));
        String queue = amqp.boundQueue(channel, exchange, "");
        for (int round = 0; round < 2; round++) {
            // Far apart, so that the second one is far ahead when the first is due.
            delayed(channel, exchange, "orders", 1, 30_000);
            delayed(channel, exchange, "orders", 10_000, 100);
            delayed(channel, exchange, "orders", 1, 30_000);
        }
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("orders 10000");
    }

    @Test
    void whatWasDeliveredAfterADelayIsNotDelayedAgain(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String exchange =
                amqp.exchange(channel, "x-delayed-message", Map.of("x-delayed-type", "fanout"));
        String queue = amqp.boundQueue(channel, exchange, "");
        delayed(channel, exchange, "orders", 1, 1);
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("orders 1");
        delayed(channel, exchange, "orders", 1, 1);
        delayed(channel, exchange, "orders", 2, 1);
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("orders 2");
        assertThat(Amqp.ready(channel, queue)).isZero();
    }

    /// A message that dies twice is two letters, whatever its publisher said when it published.
    @Test
    void deadLettersAreNotTakenForDuplicates(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String dead = amqp.queue(channel);
        Map<String, Object> arguments =
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
        String first = amqp.queue(channel, arguments);
        String second = amqp.queue(channel, arguments);
        publish(channel, "", first, "orders", 1);
        publish(channel, "", second, "orders", 1);
        publish(channel, "", dead, "orders", 1);
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        reject(channel, first);
        reject(channel, second);
        Amqp.awaitReady(channel, dead, 3);
    }

    @Test
    void aQueueThatRefusesHasNotGotIt(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue =
                amqp.queue(channel, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        publish(channel, "", queue, "orders", 1);
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        publish(channel, "", queue, "orders", 2);
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isFalse();
        publish(channel, "", queue, "orders", 1);
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        assertThat(Amqp.drain(channel, queue)).containsExactly("orders 1");
        // What was just taken counts for a moment more.
        Conditions.await(
                "the refused number is taken",
                Amqp.SOON,
                () -> {
                    publish(channel, "", queue, "orders", 2);
                    return channel.waitForConfirms(Amqp.SOON.toMillis());
                });
        assertThat(Amqp.drain(channel, queue)).containsExactly("orders 2");
    }

    @Test
    void streamsTakeEachOnceToo(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String stream = amqp.queue(channel, Map.of("x-queue-type", "stream"));
        for (int sequence : new int[] {1, 2, 1, 2, 3}) {
            publish(channel, "", stream, "orders", sequence);
        }
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(Amqp.ready(channel, stream)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p |      | header 'x-deduplication-sequence' is absent",
                "p | text | header 'x-deduplication-sequence' is of type longstr",
                "p | -1   | header 'x-deduplication-sequence' is -1",
                "  | 1    | header 'x-deduplication-publisher' is absent",
                "1 | 1    | header 'x-deduplication-publisher' is of type long",
                "''| 1    | header 'x-deduplication-publisher' has 0 bytes, allowed: 1 to 255",
            })
    void impossibleValuesAreRefused(String publisher, String sequence, String error, Amqp amqp)
            throws Exception {
        Channel channel = amqp.channel();
        Map<String, Object> headers = new HashMap<>();
        putTyped(headers, "x-deduplication-publisher", publisher);
        putTyped(headers, "x-deduplication-sequence", sequence);
        channel.basicPublish("", "nowhere", properties(headers), new byte[0]);
        ClosedBy.verify(
                ClosedBy.channel(406, "invalid message: " + error),
                channel,
                () -> channel.queueDeclarePassive("nowhere"));
    }

    private static void putTyped(Map<String, Object> headers, String name, String text) {
        if (text != null) {
            headers.put(name, text.matches("-?\\d+") ? (Object) Long.valueOf(text) : text);
        }
    }

    private static void reject(Channel channel, String queue) throws Exception {
        GetResponse got = channel.basicGet(queue, false);
        channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
    }

    private static void publish(
            Channel channel, String exchange, String key, String publisher, long sequence)
            throws Exception {
        Amqp.publish(
                channel,
                exchange,
                key,
                properties(headers(publisher, sequence)),
                publisher + " " + sequence);
    }

    private static void delayed(
            Channel channel, String exchange, String publisher, long sequence, int delayMs)
            throws Exception {
        Map<String, Object> headers = headers(publisher, sequence);
        headers.put("x-delay", delayMs);
        Amqp.publish(channel, exchange, "", properties(headers), publisher + " " + sequence);
    }

    private static Map<String, Object> headers(String publisher, long sequence) {
        Map<String, Object> headers = new HashMap<>();
        headers.put("x-deduplication-publisher", publisher);
        headers.put("x-deduplication-sequence", sequence);
        return headers;
    }

    private static BasicProperties properties(Map<String, Object> headers) {
        return new BasicProperties.Builder().deliveryMode(2).headers(headers).build();
    }
}
