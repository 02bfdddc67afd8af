package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Queues of type `stream`: read by anybody, from anywhere, again and again.
@AmqpTest
class StreamsTest {
    private static final int MESSAGES = 50;

    private static String stream(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-queue-type", "stream"));
        channel.confirmSelect();
        for (int i = 0; i < MESSAGES; i++) {
            Amqp.publish(channel, "", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, "m" + i);
        }
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        return queue;
    }

    private static Inbox read(Amqp amqp, String queue, Object offset) throws Exception {
        Channel channel = amqp.channel();
        channel.basicQos(100);
        return Inbox.on(channel, queue, false, Map.of("x-stream-offset", offset));
    }

    private static List<String> from(int first) {
        return IntStream.range(first, MESSAGES).mapToObj(i -> "m" + i).toList();
    }

    @Test
    void everyReaderGetsAllOfIt(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        for (int reader = 0; reader < 3; reader++) {
            Inbox inbox = read(amqp, queue, "first");
            Delivery first = inbox.next();
            assertThat(Amqp.text(first.getBody())).isEqualTo("m0");
            assertThat(first.getProperties().getHeaders()).containsEntry("x-stream-offset", 0L);
            assertThat(inbox.nextTexts(MESSAGES - 1)).isEqualTo(from(1));
        }
    }

    @Test
    void aReaderMayBeginAtAnOffset(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        assertThat(read(amqp, queue, 20).nextTexts(MESSAGES - 20)).isEqualTo(from(20));
    }

    @Test
    void aReaderMayBeginAtATime(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        assertThat(read(amqp, queue, new Date(0)).nextTexts(MESSAGES)).isEqualTo(from(0));
    }

    @Test
    void aReaderMayWaitForWhatComesNext(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        Inbox next = read(amqp, queue, "next");
        Inbox usual = Inbox.on(prefetching(amqp), queue);
        Amqp.send(amqp.channel(), queue, "new");
        assertThat(next.nextText()).isEqualTo("new");
        assertThat(usual.nextText()).isEqualTo("new");
    }

    private static Channel prefetching(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        channel.basicQos(10);
        return channel;
    }

    @Test
    void anAckGivesRoomAndRemovesNothing(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        Channel channel = amqp.channel();
        channel.basicQos(5);
        Inbox inbox = Inbox.on(channel, queue, false, Map.of("x-stream-offset", "first"));
        for (int i = 0; i < MESSAGES; i++) {
            Delivery delivery = inbox.next();
            assertThat(Amqp.text(delivery.getBody())).isEqualTo("m" + i);
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        }
        assertThat(read(amqp, queue, "first").nextTexts(MESSAGES)).isEqualTo(from(0));
    }

    @Test
    void whereAReaderBegins(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        assertThat(read(amqp, queue, "last").next().getProperties().getHeaders())
                .containsEntry("x-stream-offset", MESSAGES - 1L);
        assertThat(read(amqp, queue, "1h").nextTexts(MESSAGES)).isEqualTo(from(0));
        assertThat(read(amqp, queue, -1).nextTexts(MESSAGES)).isEqualTo(from(0));
        Inbox behindTheEnd = read(amqp, queue, MESSAGES + 1L);
        Inbox inTheFuture = read(amqp, queue, new Date(System.currentTimeMillis() + 86_400_000));
        Amqp.send(amqp.channel(), queue, "new", "newer");
        assertThat(behindTheEnd.nextText()).isEqualTo("newer");
        assertThat(inTheFuture.nextText()).isEqualTo("new");
        for (Object wrong : new Object[] {"5", "1x", "foo"}) {
            Channel channel = prefetching(amqp);
            ClosedBy.verify(
                    ClosedBy.channel(
                            406,
                            "invalid arg 'x-stream-offset' for queue '%s' in vhost '/': {invalid_stream_offset_arg,{longstr,<<\"%s\">>}}"
                                    .formatted(queue, wrong)),
                    channel,
                    () -> Inbox.on(channel, queue, false, Map.of("x-stream-offset", wrong)));
        }
    }

    @Test
    void aTransactionThatRefusesIsRefusedWhenItIsCommitted(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        Channel channel = prefetching(amqp);
        channel.txSelect();
        Inbox inbox = Inbox.on(channel, queue, false, Map.of("x-stream-offset", "first"));
        long tag = inbox.next().getEnvelope().getDeliveryTag();
        channel.basicNack(tag, false, true);
        channel.txRollback();
        channel.basicReject(tag, false);
        ClosedBy.verify(
                ClosedBy.connection(540, "basic.nack and basic.reject not supported"),
                channel,
                channel::txCommit);
    }

    @Test
    void aTransactionOfAcknowledgementsGivesRoom(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        Channel channel = amqp.channel();
        channel.basicQos(3);
        channel.txSelect();
        Inbox inbox = Inbox.on(channel, queue, false, Map.of("x-stream-offset", "first"));
        for (int i = 0; i < MESSAGES; i++) {
            Delivery delivery = inbox.next();
            assertThat(Amqp.text(delivery.getBody())).isEqualTo("m" + i);
            assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            channel.txCommit();
        }
        assertThat(Amqp.ready(channel, queue)).isEqualTo(MESSAGES);
    }

    @Test
    void readersCountForNothingAndAreToldWhenItIsDeleted(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        Inbox one = Inbox.on(prefetching(amqp), queue);
        Channel channel = prefetching(amqp);
        Inbox exclusive = Inbox.exclusive(channel, queue);
        assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isZero();
        channel.queueDelete(queue, true, true);
        assertThat(one.awaitCancelled()).isTrue();
        assertThat(exclusive.awaitCancelled()).isTrue();
    }

    @Test
    void whatIsTooMuchOrTooOldGoesAndOffsetsStay(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String small =
                amqp.queue(channel, Map.of("x-queue-type", "stream", "x-max-length-bytes", 1_000));
        String young = amqp.queue(channel, Map.of("x-queue-type", "stream", "x-max-age", "2s"));
        for (int i = 0; i < 200; i++) {
            Amqp.send(channel, small, "%0100d".formatted(i));
        }
        Amqp.store(channel, young, "old");
        Conditions.await(
                "the stream to be cut off",
                Amqp.SOON,
                () -> Amqp.ready(channel, small) == 10 && Amqp.ready(channel, young) == 0);
        Amqp.store(channel, young, "new");
        Delivery first = read(amqp, small, "first").next();
        assertThat(first.getProperties().getHeaders()).containsEntry("x-stream-offset", 190L);
        assertThat(Amqp.text(first.getBody())).isEqualTo("%0100d".formatted(190));
        Delivery second = read(amqp, young, 0).next();
        assertThat(second.getProperties().getHeaders()).containsEntry("x-stream-offset", 1L);
    }

    @Test
    void largeMessagesAreReadAsOthers(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel, Map.of("x-queue-type", "stream"));
        String large = "x".repeat(3 << 20);
        Amqp.store(channel, queue, "before", large, "between", large, "after");
        assertThat(read(amqp, queue, "first").nextTexts(5))
                .containsExactly("before", large, "between", large, "after");
        assertThat(read(amqp, queue, 3).nextText()).isEqualTo(large);
    }

    /// More than what is in memory, in files of the index and out of them, while others publish and read.
    @Test
    void manyReadersReadALongStreamFromItsBeginning(Amqp amqp) throws Exception {
        Channel channel = amqp.confirming();
        String queue = amqp.queue(channel, Map.of("x-queue-type", "stream"));
        int messages = 20_000;
        for (int i = 0; i < messages; i++) {
            Amqp.send(channel, queue, Integer.toString(i));
            if (i % 1_000 == 999) {
                channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            }
        }
        List<Inbox> inboxes = new ArrayList<>();
        List<Channel> channels = new ArrayList<>();
        for (int reader = 0; reader < 5; reader++) {
            Channel its = amqp.channel();
            its.basicQos(200);
            channels.add(its);
            inboxes.add(Inbox.on(its, queue, false, Map.of("x-stream-offset", reader * 1_000)));
        }
        for (int reader = 0; reader < inboxes.size(); reader++) {
            for (int i = reader * 1_000; i < messages; i++) {
                Delivery delivery = inboxes.get(reader).next();
                assertThat(Amqp.text(delivery.getBody())).isEqualTo(Integer.toString(i));
                if (i % 100 == 99) {
                    channels.get(reader).basicAck(delivery.getEnvelope().getDeliveryTag(), true);
                }
            }
        }
    }

    @Test
    void whatRabbitMqRefusesIsRefused(Amqp amqp) throws Exception {
        String queue = stream(amqp);
        String shown = "queue '%s' in vhost '/'".formatted(queue);
        Channel unlimited = amqp.channel();
        unlimited.basicQos(10, true);
        ClosedBy.verify(
                ClosedBy.channel(406, "consumer prefetch count is not set for '" + shown + "'"),
                unlimited,
                () -> Inbox.on(unlimited, queue));
        Channel priority = prefetching(amqp);
        ClosedBy.verify(
                ClosedBy.channel(
                        406,
                        "invalid arg 'x-priority' for %s of queue type rabbit_stream_queue"
                                .formatted(shown)),
                priority,
                () -> Inbox.on(priority, queue, false, Map.of("x-priority", 5)));
        Channel nameless = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(
                        406, "Cannot declare a server-named queue for type rabbit_stream_queue"),
                nameless,
                () ->
                        nameless.queueDeclare(
                                "", true, false, false, Map.of("x-queue-type", "stream")));
        notSupported(amqp, "basic.get", shown, channel -> channel.basicGet(queue, false));
        notSupported(amqp, "queue.purge", shown, channel -> channel.queuePurge(queue));
        notSupported(
                amqp,
                "automatic acknowledgement",
                shown,
                channel -> Inbox.on(channel, queue, true, Map.of()));
        String refusal = "basic.nack and basic.reject";
        notSupported(
                amqp,
                refusal,
                shown,
                channel -> channel.basicNack(tag(channel, queue), false, true));
        notSupported(
                amqp, refusal, shown, channel -> channel.basicReject(tag(channel, queue), false));
        assertThat(read(amqp, queue, "first").nextTexts(MESSAGES)).isEqualTo(from(0));
    }

    private interface Call {
        void call(Channel channel) throws Exception;
    }

    private static void notSupported(Amqp amqp, String what, String queue, Call call)
            throws Exception {
        Channel channel = prefetching(amqp);
        ClosedBy.verify(
                ClosedBy.connection(540, what + " not supported by stream queues " + queue),
                channel,
                () -> call.call(channel));
    }

    private static long tag(Channel channel, String queue) throws Exception {
        Inbox inbox = Inbox.on(channel, queue, false, Map.of("x-stream-offset", "first"));
        return inbox.next().getEnvelope().getDeliveryTag();
    }
}
