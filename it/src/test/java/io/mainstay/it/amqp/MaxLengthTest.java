package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Queues that hold only so much, and the three ways to say so.
@AmqpTest
class MaxLengthTest {

    @Test
    void dropHeadKeepsTheNewest(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-max-length", 3));
        channel.confirmSelect();
        Amqp.send(channel, queue, "a", "b", "c", "d", "e");
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        assertThat(Amqp.drain(channel, queue)).containsExactly("c", "d", "e");
    }

    @Test
    void aMessageInHandIsNotCounted(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel, Map.of("x-max-length", 2));
        Amqp.store(channel, queue, "a", "b");
        Amqp.awaitReady(channel, queue, 2);
        channel.basicGet(queue, false);
        Amqp.store(channel, queue, "c");
        Amqp.awaitReady(channel, queue, 2);
        assertThat(Amqp.drain(channel, queue)).containsExactly("b", "c");
    }

    @Test
    void bytesCountTheBodies(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel, Map.of("x-max-length-bytes", 10));
        Amqp.store(channel, queue, "12345", "67890", "x");
        Amqp.awaitReady(channel, queue, 2);
        assertThat(Amqp.drain(channel, queue)).containsExactly("67890", "x");
    }

    @Test
    void rejectPublishNacksThePublisher(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue =
                amqp.queue(channel, Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
        channel.confirmSelect();
        Amqp.send(channel, queue, "a", "b");
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        Amqp.send(channel, queue, "c");
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isFalse();
        assertThat(Amqp.drain(channel, queue)).containsExactly("a", "b");
        Amqp.send(channel, queue, "d");
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        assertThat(Amqp.drain(channel, queue)).containsExactly("d");
    }

    /// A queue that sends what it refuses to the queue `dead`.
    private static String rejecting(Amqp amqp, Channel channel, int maxLength, String dead)
            throws Exception {
        return amqp.queue(
                channel,
                Map.of(
                        "x-max-length",
                        maxLength,
                        "x-overflow",
                        "reject-publish-dlx",
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        dead));
    }

    @Test
    void rejectPublishDlxSendsTheRefusedToTheDeadLetters(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue = rejecting(amqp, channel, 1, dead);
        channel.confirmSelect();
        Amqp.send(channel, queue, "a");
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        Amqp.send(channel, queue, "b");
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isFalse();
        GetResponse letter = Amqp.take(channel, dead);
        assertThat(Amqp.text(letter)).isEqualTo("b");
        assertThat(letter.getProps().getHeaders().get("x-first-death-reason"))
                .hasToString("maxlen");
        assertThat(letter.getProps().getHeaders().get("x-first-death-queue")).hasToString(queue);
        assertThat(Amqp.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void aLargeMessageThatIsRefusedIsDeadLetteredWhole(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String dead = amqp.queue(channel);
        String queue = rejecting(amqp, channel, 0, dead);
        channel.confirmSelect();
        byte[] body = new byte[3 << 20];
        new java.util.SplittableRandom(1).nextBytes(body);
        channel.basicPublish("", queue, null, body);
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isFalse();
        assertThat(Amqp.take(channel, dead).getBody()).isEqualTo(body);
    }

    @Test
    void whoWaitsGetsMoreThanTheQueueMayKeep(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        for (int length = 0; length < 2; length++) {
            String queue = amqp.queue(channel, Map.of("x-max-length", length));
            Inbox inbox = Inbox.on(amqp.channel(), queue);
            List<String> texts = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
            // Not confirmed one by one: they come to the queue together.
            Amqp.store(channel, queue, texts.toArray(String[]::new));
            assertThat(inbox.nextTexts(texts.size())).isEqualTo(texts);
        }
    }

    @Test
    void oneFullQueueOfSeveralNacksAndTheOthersKeepTheMessage(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "fanout");
        String full =
                amqp.queue(channel, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        channel.queueBind(full, exchange, "");
        String open = amqp.boundQueue(channel, exchange, "");
        channel.confirmSelect();
        channel.basicPublish(exchange, "", null, Amqp.bytes("a"));
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        channel.basicPublish(exchange, "", null, Amqp.bytes("b"));
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isFalse();
        Amqp.awaitReady(channel, open, 2);
        assertThat(Amqp.drain(channel, full)).containsExactly("a");
    }
}
