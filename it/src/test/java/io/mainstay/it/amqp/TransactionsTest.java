package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/// Channels whose publishes and acknowledgements count at the commit.
@AmqpTest
class TransactionsTest {

    @Test
    void publishedMessagesAppearWithTheCommit(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Channel reader = amqp.channel();
        String queue = amqp.queue(channel);
        channel.txSelect();
        Amqp.send(channel, queue, "a", "b");
        // The answer to this comes after all that this channel sent before.
        channel.queueDeclarePassive(queue);
        assertThat(Amqp.ready(reader, queue)).isZero();
        channel.txCommit();
        assertThat(Amqp.drain(reader, queue)).containsExactly("a", "b");
    }

    @Test
    void rolledBackMessagesNeverAppear(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.txSelect();
        Amqp.send(channel, queue, "gone");
        channel.txRollback();
        Amqp.send(channel, queue, "kept");
        channel.txCommit();
        assertThat(Amqp.drain(amqp.channel(), queue)).containsExactly("kept");
    }

    @Test
    void acknowledgementsCountWithTheCommit(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b");
        channel.txSelect();
        GetResponse a = channel.basicGet(queue, false);
        channel.basicAck(a.getEnvelope().getDeliveryTag(), false);
        channel.txCommit();
        GetResponse b = channel.basicGet(queue, false);
        channel.basicAck(b.getEnvelope().getDeliveryTag(), false);
        channel.close();
        Channel next = amqp.channel();
        Amqp.awaitReady(next, queue, 1);
        assertThat(Amqp.drain(next, queue)).containsExactly("b");
    }

    @Test
    void aRolledBackAcknowledgementMayBeGivenAgain(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a");
        channel.txSelect();
        long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        channel.basicAck(tag, false);
        channel.txRollback();
        channel.basicNack(tag, false, true);
        channel.txCommit();
        Amqp.awaitReady(channel, queue, 1);
    }

    @Test
    void aRecoveryLeavesAloneWhatTheTransactionAcknowledges(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c");
        channel.txSelect();
        Inbox inbox = Inbox.on(channel, queue);
        inbox.next();
        long tag = inbox.next().getEnvelope().getDeliveryTag();
        inbox.next();
        channel.basicAck(tag, false);
        channel.basicRecover(true);
        assertThat(inbox.nextTexts(2)).containsExactly("a", "c");
        channel.txCommit();
        channel.close();
        Channel next = amqp.channel();
        Amqp.awaitReady(next, queue, 2);
        assertThat(Amqp.drain(next, queue)).containsExactly("a", "c");
    }

    @Test
    void aConsumedMessageAndItsFollowUpAreOneStep(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String from = amqp.queue(channel);
        String to = amqp.queue(channel);
        Amqp.send(channel, from, "a");
        channel.txSelect();
        long tag = channel.basicGet(from, false).getEnvelope().getDeliveryTag();
        Amqp.send(channel, to, "b");
        channel.basicAck(tag, false);
        channel.txCommit();
        channel.close();
        Channel next = amqp.channel();
        assertThat(Amqp.drain(next, from)).isEmpty();
        assertThat(Amqp.drain(next, to)).containsExactly("b");
    }

    /// Far more than one entry of the log takes: 6 MiB, among it a body that alone is too large for one.
    @Test
    void aTransactionOfManyMegabytesIsOneStep(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Channel reader = amqp.channel();
        String from = amqp.queue(channel);
        String to = amqp.queue(channel);
        String exchange = amqp.exchangeName();
        channel.exchangeDeclare(exchange, "fanout");
        String copy = amqp.queue(channel);
        channel.queueBind(to, exchange, "");
        channel.queueBind(copy, exchange, "");
        List<String> tickets = IntStream.range(0, 100).mapToObj(i -> "ticket" + i).toList();
        Amqp.send(channel, from, tickets.toArray(String[]::new));
        Amqp.awaitReady(reader, from, tickets.size());

        channel.txSelect();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            sent.add(body(i, i == 200 ? 2_500_000 : 10_000));
            channel.basicPublish(exchange, "", MessageProperties.PERSISTENT_BASIC, sent.getLast());
        }
        for (int i = 0; i < 60; i++) {
            GetResponse ticket = channel.basicGet(from, false);
            channel.basicAck(ticket.getEnvelope().getDeliveryTag(), false);
        }
        assertThat(Amqp.ready(reader, to)).isZero();
        // What others send meanwhile comes first.
        Channel other = amqp.confirming();
        Amqp.send(other, to, "other");
        other.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        channel.txCommit();
        assertThat(Amqp.takeText(reader, to)).isEqualTo("other");
        for (String queue : List.of(to, copy)) {
            for (byte[] body : sent) {
                GetResponse got = reader.basicGet(queue, true);
                assertThat(got).isNotNull();
                assertThat(got.getBody()).isEqualTo(body);
                assertThat(got.getEnvelope().isRedeliver()).isFalse();
            }
            assertThat(reader.basicGet(queue, true)).isNull();
        }
        channel.close();
        Amqp.awaitReady(reader, from, 40);
        assertThat(Amqp.drain(reader, from)).isEqualTo(tickets.subList(60, 100));
    }

    @Test
    void acknowledgementsOfATransactionMayBeManyMoreThanAnEntryTakes(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Channel publisher = amqp.confirming();
        int messages = 20_000;
        for (int i = 0; i < messages; i++) {
            publisher.basicPublish("", queue, null, new byte[] {1});
        }
        publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        channel.txSelect();
        Inbox inbox = Inbox.on(channel, queue);
        // Every second one: so they are no ranges.
        for (int i = 0; i < messages; i++) {
            long tag = inbox.next().getEnvelope().getDeliveryTag();
            if (i % 2 == 0) {
                channel.basicAck(tag, false);
            }
        }
        channel.basicPublish("", queue, null, body(0, 1_048_576));
        channel.txCommit();
        channel.close();
        Channel reader = amqp.channel();
        Amqp.awaitReady(reader, queue, messages / 2 + 1);
    }

    private static byte[] body(int seed, int bytes) {
        byte[] body = new byte[bytes];
        new Random(seed).nextBytes(body);
        return body;
    }

    @Test
    void aFullQueueFailsTheCommit(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String full =
                amqp.queue(channel, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        String other = amqp.queue(channel);
        channel.txSelect();
        Amqp.send(channel, full, "a", "b");
        Amqp.send(channel, other, "c");
        ClosedBy.verify(ClosedBy.channel(406, "partial tx completion"), channel, channel::txCommit);
        Channel reader = amqp.channel();
        assertThat(Amqp.drain(reader, full)).containsExactly("a");
        assertThat(Amqp.drain(reader, other)).containsExactly("c");
    }

    @Test
    void mandatoryMessagesAreReturnedAtTheCommit(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        List<String> returned = new CopyOnWriteArrayList<>();
        channel.addReturnListener(message -> returned.add(Amqp.text(message.getBody())));
        channel.txSelect();
        channel.basicPublish("", "it-no-such-queue", true, null, Amqp.bytes("m"));
        channel.txCommit();
        // The return comes before the answer to the commit.
        assertThat(returned).containsExactly("m");
    }

    @Test
    void aCommitWithoutSelectIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "channel is not transactional"), channel, channel::txCommit);
        Channel other = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "channel is not transactional"), other, other::txRollback);
    }
}
