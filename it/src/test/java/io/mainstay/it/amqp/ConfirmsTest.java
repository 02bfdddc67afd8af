package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/// Publisher confirms and the return of messages that no queue takes.
@AmqpTest
class ConfirmsTest {
    private static final BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

    /// What a publisher was told, in order.
    private static final class Told implements ConfirmListener {
        final List<String> events = new CopyOnWriteArrayList<>();
        final ConcurrentSkipListSet<Long> acked = new ConcurrentSkipListSet<>();
        private long floor;

        static Told on(Channel channel) throws Exception {
            Told told = new Told();
            channel.addConfirmListener(told);
            channel.addReturnListener(
                    message ->
                            told.events.add(
                                    "return "
                                            + message.getReplyCode()
                                            + " "
                                            + message.getReplyText()
                                            + " "
                                            + Amqp.text(message.getBody())));
            channel.confirmSelect();
            return told;
        }

        @Override
        public void handleAck(long tag, boolean multiple) {
            if (!multiple) {
                acked.add(tag);
            }
            for (long i = floor + 1; multiple && i <= tag; i++) {
                acked.add(i);
            }
            floor = multiple ? Math.max(floor, tag) : floor;
            events.add("ack");
        }

        @Override
        public void handleNack(long tag, boolean multiple) {
            events.add("nack " + tag);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum"})
    void everyMessageIsConfirmedOnceItIsInItsQueue(String type, Amqp amqp) throws Exception {
        int messages = 1_000;
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-queue-type", type));
        Told told = Told.on(channel);
        for (int i = 0; i < messages; i++) {
            assertThat(channel.getNextPublishSeqNo()).isEqualTo(i + 1);
            Amqp.publish(channel, "", queue, PERSISTENT, "m" + i);
        }
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
        Conditions.await("all confirms", Amqp.SOON, () -> told.acked.size() == messages);
        assertThat(told.acked.first()).isEqualTo(1);
        assertThat(told.acked.last()).isEqualTo(messages);
        assertThat(Amqp.ready(channel, queue)).isEqualTo(messages);
    }

    @Test
    void aMandatoryMessageWithoutAQueueIsReturnedAndThenConfirmed(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Told told = Told.on(channel);
        channel.basicPublish("", "it-no-such-queue", true, PERSISTENT, Amqp.bytes("m"));
        Conditions.await("the confirm", Amqp.SOON, () -> told.events.contains("ack"));
        assertThat(told.events).containsExactly("return 312 NO_ROUTE m", "ack");
    }

    @Test
    void aMessageWithoutAQueueIsConfirmed(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Told told = Told.on(channel);
        Amqp.publish(channel, "", "it-no-such-queue", PERSISTENT, "m");
        Conditions.await("the confirm", Amqp.SOON, () -> !told.events.isEmpty());
        assertThat(told.events).containsExactly("ack");
    }

    @Test
    void returnsAmongOtherMessagesComeBeforeTheirOwnConfirm(Amqp amqp) throws Exception {
        int messages = 200;
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        TreeSet<Long> early = new TreeSet<>();
        Told told = Told.on(channel);
        channel.addReturnListener(
                message -> {
                    long number = Long.parseLong(Amqp.text(message.getBody()));
                    if (told.acked.contains(number)) {
                        early.add(number);
                    }
                });
        for (int i = 1; i <= messages; i++) {
            String key = i % 2 == 0 ? queue : "it-no-such-queue";
            channel.basicPublish("", key, true, PERSISTENT, Amqp.bytes(Integer.toString(i)));
        }
        Conditions.await("all confirms", Amqp.SOON, () -> told.acked.size() == messages);
        assertThat(told.events.stream().filter(e -> e.startsWith("return"))).hasSize(messages / 2);
        assertThat(early).as("confirmed before they were returned").isEmpty();
    }

    @Test
    void aMandatoryMessageIsReturnedWithoutConfirmsToo(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        List<String> returned = new CopyOnWriteArrayList<>();
        channel.addReturnListener(
                message ->
                        returned.add(message.getRoutingKey() + " " + Amqp.text(message.getBody())));
        channel.basicPublish("amq.direct", "it-no-key", true, PERSISTENT, Amqp.bytes("m"));
        Conditions.await("the return", Amqp.SOON, () -> !returned.isEmpty());
        assertThat(returned).containsExactly("it-no-key m");
    }

    @Test
    void aMessageIsConfirmedAlthoughItsQueueIsPurgedOrDeleted(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Channel other = amqp.channel();
        String queue = amqp.queue(channel);
        channel.confirmSelect();
        for (int i = 0; i < 100; i++) {
            Amqp.publish(channel, "", queue, PERSISTENT, "m" + i);
        }
        other.queuePurge(queue);
        other.queueDelete(queue);
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isTrue();
    }

    @Test
    void confirmsAndTransactionsExcludeEachOther(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        channel.confirmSelect();
        ClosedBy.verify(
                ClosedBy.channel(406, "cannot switch from confirm to tx mode"),
                channel,
                channel::txSelect);
        Channel other = amqp.channel();
        other.txSelect();
        ClosedBy.verify(
                ClosedBy.channel(406, "cannot switch from tx to confirm mode"),
                other,
                other::confirmSelect);
    }
}
