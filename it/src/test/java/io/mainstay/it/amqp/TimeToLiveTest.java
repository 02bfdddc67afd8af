package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.util.Map;

/// Messages and queues that go after a time.
@AmqpTest
class TimeToLiveTest {
    private static final int HOUR_MS = 3_600_000;

    private static BasicProperties expiring(long ms) {
        return new BasicProperties.Builder().expiration(Long.toString(ms)).build();
    }

    private static void store(
            Channel channel, String queue, BasicProperties properties, String text)
            throws Exception {
        Amqp.publish(channel, "", queue, properties, text);
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
    }

    @Test
    void aMessageGoesAfterTheTimeOfItsQueue(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel, Map.of("x-message-ttl", 50));
        Amqp.store(channel, queue, "a", "b");
        Amqp.awaitReady(channel, queue, 0);
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void aMessageGoesAfterItsOwnTime(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel);
        store(channel, queue, expiring(50), "short");
        store(channel, queue, expiring(HOUR_MS), "long");
        Amqp.store(channel, queue, "for ever");
        Amqp.awaitReady(channel, queue, 2);
        assertThat(Amqp.drain(channel, queue)).containsExactly("long", "for ever");
    }

    @Test
    void theShorterTimeCounts(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String shortQueue = amqp.queue(channel, Map.of("x-message-ttl", 50));
        store(channel, shortQueue, expiring(HOUR_MS), "m");
        String longQueue = amqp.queue(channel, Map.of("x-message-ttl", HOUR_MS));
        store(channel, longQueue, expiring(50), "m");
        Amqp.awaitReady(channel, shortQueue, 0);
        Amqp.awaitReady(channel, longQueue, 0);
    }

    @Test
    void anExpiredMessageIsNeverDeliveredFromBehindAnother(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String watch = amqp.queue(channel);
        String queue = amqp.queue(channel);
        Amqp.store(channel, queue, "first");
        store(channel, queue, expiring(50), "expired");
        store(channel, watch, expiring(500), "clock");
        // When this one is gone, the other one's time was over long ago.
        Amqp.awaitReady(channel, watch, 0);
        assertThat(Amqp.drain(channel, queue)).containsExactly("first");
    }

    @Test
    void aMessageInHandDoesNotExpireAndOneThatReturnsDoes(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String watch = amqp.queue(channel);
        String queue = amqp.queue(channel, Map.of("x-message-ttl", 200));
        // It waits already: the message has no time to expire before it is delivered.
        Inbox inbox = Inbox.on(channel, queue);
        Amqp.store(channel, queue, "m");
        long tag = inbox.next().getEnvelope().getDeliveryTag();
        channel.basicCancel(inbox.getConsumerTag());
        store(channel, watch, expiring(600), "clock");
        Amqp.awaitReady(channel, watch, 0);
        channel.basicNack(tag, false, true);
        Amqp.awaitReady(channel, queue, 0);
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void zeroIsForConsumersThatWait(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel, Map.of("x-message-ttl", 0));
        Amqp.store(channel, queue, "nobody waits");
        assertThat(channel.basicGet(queue, true)).isNull();
        Inbox inbox = Inbox.on(channel, queue);
        Amqp.store(channel, queue, "somebody waits");
        assertThat(inbox.nextText()).isEqualTo("somebody waits");
    }

    @Test
    void whoWaitsGetsAMessageHoweverShortItLives(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel);
        Inbox inbox = Inbox.on(channel, queue);
        for (int i = 0; i < 20; i++) {
            store(channel, queue, expiring(1), "m" + i);
            assertThat(inbox.nextText()).isEqualTo("m" + i);
        }
    }

    @Test
    void aTimeThatIsNoNumberIsRefused(Amqp amqp) throws Exception {
        for (String wrong : new String[] {"soon", "-1", "1.5"}) {
            Channel channel = amqp.channel();
            String queue = amqp.queue(channel);
            BasicProperties properties = new BasicProperties.Builder().expiration(wrong).build();
            ClosedBy.verify(
                    ClosedBy.channel(406, "invalid expiration '" + wrong + "'"),
                    channel,
                    () -> Amqp.publish(channel, "", queue, properties, "m"));
        }
    }

    @Test
    void aQueueThatNobodyUsesGoes(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel, Map.of("x-expires", 200));
        Amqp.publish(channel, "", queue, MessageProperties.MINIMAL_BASIC, "m");
        awaitGone(amqp, queue);
    }

    @Test
    void aConsumerKeepsAQueue(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String watch = amqp.queue(channel);
        String queue = amqp.queue(channel, Map.of("x-expires", 1_500));
        Inbox inbox = Inbox.on(channel, queue);
        store(channel, watch, expiring(2_500), "clock");
        Amqp.awaitReady(channel, watch, 0);
        Amqp.store(channel, queue, "still there");
        assertThat(inbox.nextText()).isEqualTo("still there");
        channel.close();
        awaitGone(amqp, queue);
    }

    private static void awaitGone(Amqp amqp, String queue) throws Exception {
        // To look is to use, but for a publisher: one that returns means that the queue is gone.
        Channel publisher = amqp.channel();
        var returned = new java.util.concurrent.CountDownLatch(1);
        publisher.addReturnListener(message -> returned.countDown());
        Conditions.await(
                "the queue to go",
                Amqp.SOON,
                () -> {
                    publisher.basicPublish("", queue, true, null, new byte[0]);
                    return returned.getCount() == 0;
                });
    }
}
