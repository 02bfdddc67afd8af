package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;

import org.junit.jupiter.api.Test;

import java.util.List;

/// How deliveries end: ack, nack, reject, recover, and the end of a channel or connection.
@AmqpTest
class SettlementTest {

    @Test
    void anAcknowledgedMessageIsGone(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a");
        GetResponse got = channel.basicGet(queue, false);
        channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
        channel.close();
        assertThat(Amqp.drain(amqp.channel(), queue)).isEmpty();
    }

    @Test
    void ackOfSeveralTakesAllUpToTheTag(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c", "d");
        Inbox inbox = Inbox.on(channel, queue);
        inbox.nextTexts(2);
        long third = inbox.next().getEnvelope().getDeliveryTag();
        inbox.next();
        channel.basicAck(third, true);
        channel.close();
        assertThat(texts(amqp.channel(), queue)).containsExactly("d");
    }

    @Test
    void ackOfSeveralWithTagZeroTakesAll(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b");
        Inbox.on(channel, queue).nextTexts(2);
        channel.basicAck(0, true);
        channel.close();
        assertThat(texts(amqp.channel(), queue)).isEmpty();
    }

    @Test
    void aReturnedMessageComesBackToItsPlaceAndSaysSo(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c");
        GetResponse a = channel.basicGet(queue, false);
        GetResponse b = channel.basicGet(queue, false);
        channel.basicNack(b.getEnvelope().getDeliveryTag(), false, true);
        channel.basicReject(a.getEnvelope().getDeliveryTag(), true);
        Amqp.awaitReady(channel, queue, 3);

        GetResponse first = Amqp.take(channel, queue);
        GetResponse second = Amqp.take(channel, queue);
        GetResponse third = Amqp.take(channel, queue);
        assertThat(List.of(Amqp.text(first), Amqp.text(second), Amqp.text(third)))
                .containsExactly("a", "b", "c");
        assertThat(first.getEnvelope().isRedeliver()).isTrue();
        assertThat(second.getEnvelope().isRedeliver()).isTrue();
        assertThat(third.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void nackOfSeveralReturnsAllUpToTheTag(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c");
        channel.basicGet(queue, false);
        GetResponse b = channel.basicGet(queue, false);
        channel.basicGet(queue, false);
        channel.basicNack(b.getEnvelope().getDeliveryTag(), true, true);
        Amqp.awaitReady(channel, queue, 2);
        assertThat(texts(channel, queue)).containsExactly("a", "b");
    }

    @Test
    void aRejectedMessageWithoutRequeueIsGone(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b");
        GetResponse a = channel.basicGet(queue, false);
        channel.basicReject(a.getEnvelope().getDeliveryTag(), false);
        channel.close();
        assertThat(texts(amqp.channel(), queue)).containsExactly("b");
    }

    @Test
    void aReturnedMessageGoesToTheConsumerAgain(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Inbox inbox = Inbox.on(channel, queue);
        Amqp.send(channel, queue, "a");
        for (int i = 0; i < 3; i++) {
            Delivery delivery = inbox.next();
            assertThat(delivery.getEnvelope().isRedeliver()).isEqualTo(i > 0);
            channel.basicNack(delivery.getEnvelope().getDeliveryTag(), false, true);
        }
        assertThat(inbox.nextText()).isEqualTo("a");
    }

    @Test
    void recoverGivesBackAllThatTheChannelHolds(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b");
        Inbox inbox = Inbox.on(channel, queue);
        assertThat(inbox.nextTexts(2)).containsExactly("a", "b");
        channel.basicRecover(true);
        Delivery again = inbox.next();
        assertThat(Amqp.text(again.getBody())).isEqualTo("a");
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        assertThat(inbox.nextText()).isEqualTo("b");
    }

    @Test
    void theEndOfAChannelReturnsWhatItHolds(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c");
        Inbox inbox = Inbox.on(channel, queue);
        Delivery a = inbox.next();
        inbox.nextTexts(2);
        channel.basicAck(a.getEnvelope().getDeliveryTag(), false);
        channel.close();
        Channel next = amqp.channel();
        Amqp.awaitReady(next, queue, 2);
        assertThat(texts(next, queue)).containsExactly("b", "c");
    }

    @Test
    void theEndOfAConnectionReturnsWhatItHolds(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b");
        Inbox.on(channel, queue).nextTexts(2);
        channel.getConnection().abort();
        Channel next = amqp.channel();
        Amqp.awaitReady(next, queue, 2);
        assertThat(Amqp.take(next, queue).getEnvelope().isRedeliver()).isTrue();
        assertThat(Amqp.takeText(next, queue)).isEqualTo("b");
    }

    @Test
    void aCancelledConsumerMaySettleWhatItGot(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b");
        Inbox inbox = Inbox.on(channel, queue);
        Delivery a = inbox.next();
        Delivery b = inbox.next();
        channel.basicCancel(inbox.getConsumerTag());
        channel.basicAck(a.getEnvelope().getDeliveryTag(), false);
        channel.basicNack(b.getEnvelope().getDeliveryTag(), false, true);
        Amqp.awaitReady(channel, queue, 1);
        assertThat(texts(channel, queue)).containsExactly("b");
    }

    @Test
    void aSecondAckClosesTheChannel(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a");
        long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        channel.basicAck(tag, false);
        ClosedBy.verify(
                ClosedBy.channel(406, "unknown delivery tag 1"),
                channel,
                () -> channel.basicAck(tag, false));
    }

    @Test
    void aTagOfAnotherChannelClosesTheChannel(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a");
        channel.basicGet(queue, false);
        Channel other = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "unknown delivery tag 1"),
                other,
                () -> other.basicReject(1, false));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void anAutomaticallyAcknowledgedDeliveryCannotBeAcknowledged(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a");
        long tag = channel.basicGet(queue, true).getEnvelope().getDeliveryTag();
        ClosedBy.verify(
                ClosedBy.channel(406, "unknown delivery tag"),
                channel,
                () -> channel.basicAck(tag, false));
    }

    private static List<String> texts(Channel channel, String queue) throws Exception {
        return Amqp.drain(channel, queue);
    }
}
