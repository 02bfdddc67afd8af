package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

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
