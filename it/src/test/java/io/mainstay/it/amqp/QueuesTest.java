package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.Queue;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

/// The life of queues: names, owners, counts and ends.
@AmqpTest
class QueuesTest {

    private static boolean exists(Amqp amqp, String queue) throws Exception {
        Channel channel = amqp.channel();
        try {
            channel.queueDeclarePassive(queue);
            return true;
        } catch (IOException gone) {
            return false;
        } finally {
            channel.getConnection().abort();
        }
    }

    @Test
    void theServerNamesAQueueThatHasNone(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String one = channel.queueDeclare().getQueue();
        String other = channel.queueDeclare().getQueue();
        assertThat(one).startsWith("amq.gen-").isNotEqualTo(other);
        // An empty name means the last one that this channel declared.
        channel.queueBind("", "amq.direct", "it-" + other);
        channel.basicPublish("amq.direct", "it-" + other, null, Amqp.bytes("m"));
        assertThat(Amqp.takeText(channel, other)).isEqualTo("m");
        assertThat(Amqp.ready(channel, one)).isZero();
    }

    @Test
    void anExclusiveQueueBelongsToItsConnection(Amqp amqp) throws Exception {
        Connection owner = amqp.connect();
        String queue = amqp.queueName();
        owner.createChannel().queueDeclare(queue, false, true, false, null);
        // All channels of the connection may use it.
        assertThat(Amqp.ready(owner.createChannel(), queue)).isZero();
        Channel stranger = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(
                        405,
                        "cannot obtain exclusive access to locked queue '"
                                + queue
                                + "' in vhost '/'"),
                stranger,
                () -> stranger.queueDeclarePassive(queue));
        Channel another = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(405, "RESOURCE_LOCKED"), another, () -> Inbox.on(another, queue));
        owner.close();
        Conditions.await("the queue to go", Amqp.SOON, () -> !exists(amqp, queue));
    }

    @Test
    void anExclusiveQueueGoesWithABrokenConnection(Amqp amqp) throws Exception {
        Connection owner = amqp.connect();
        String queue = owner.createChannel().queueDeclare().getQueue();
        owner.abort();
        Conditions.await("the queue to go", Amqp.SOON, () -> !exists(amqp, queue));
    }

    @Test
    void anAutoDeleteQueueGoesWithItsLastConsumer(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queueName();
        channel.queueDeclare(queue, false, false, true, null);
        // It waits for the first one.
        assertThat(exists(amqp, queue)).isTrue();
        Inbox one = Inbox.on(channel, queue);
        Channel second = amqp.channel();
        Inbox.on(second, queue);
        channel.basicCancel(one.getConsumerTag());
        assertThat(exists(amqp, queue)).isTrue();
        second.close();
        Conditions.await("the queue to go", Amqp.SOON, () -> !exists(amqp, queue));
    }

    @Test
    void aChannelIsClosedWhenItsAutoDeleteQueueIsGone(Amqp amqp) throws Exception {
        Channel closing = amqp.channel();
        String queue = amqp.queueName();
        closing.queueDeclare(queue, false, false, true, null);
        Inbox.on(closing, queue);
        closing.close();
        assertThat(exists(amqp, queue)).isFalse();
        Channel failing = amqp.channel();
        failing.queueDeclare(queue, false, false, true, null);
        Inbox.on(failing, queue);
        ClosedBy.verify(
                ClosedBy.channel(404, "no queue"), failing, () -> failing.basicGet("none", true));
        assertThat(exists(amqp, queue)).isFalse();
    }

    @Test
    void aConnectionIsClosedForAnErrorWhenItsQueuesAreGone(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exclusive = amqp.queueName();
        channel.queueDeclare(exclusive, false, true, false, null);
        String autoDelete = amqp.queueName();
        channel.queueDeclare(autoDelete, true, false, true, null);
        Inbox.on(channel, autoDelete);
        ClosedBy.verify(
                ClosedBy.connection(540, "requeue=false"),
                channel,
                () -> channel.basicRecover(false));
        assertThat(exists(amqp, exclusive)).isFalse();
        assertThat(exists(amqp, autoDelete)).isFalse();
    }

    @Test
    void anExclusiveConsumerIsAlone(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.basicConsume(queue, true, "", false, true, null, nothing(channel));
        Channel other = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(403, "queue '" + queue + "' in vhost '/' in exclusive use"),
                other,
                () -> Inbox.on(other, queue));
        channel.close();
        Channel next = amqp.channel();
        Inbox.on(next, queue);
        Channel late = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(403, "in exclusive use"),
                late,
                () -> late.basicConsume(queue, true, "", false, true, null, nothing(late)));
    }

    private static com.rabbitmq.client.Consumer nothing(Channel channel) {
        return new com.rabbitmq.client.DefaultConsumer(channel);
    }

    @Test
    void aMissingQueueClosesTheChannelAndNotTheConnection(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queueName();
        ClosedBy.verify(
                ClosedBy.channel(404, "no queue '" + queue + "' in vhost '/'"),
                channel,
                () -> channel.queueDeclarePassive(queue));
        assertThat(channel.getConnection().createChannel().queueDeclare().getQueue()).isNotEmpty();
        Channel getter = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(404, "no queue"), getter, () -> getter.basicGet(queue, true));
        Channel consumer = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(404, "no queue"), consumer, () -> Inbox.on(consumer, queue));
        Channel binder = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(404, "no queue"),
                binder,
                () -> binder.queueBind(queue, "amq.direct", "k"));
    }

    @Test
    void declaringTheSameAgainTellsItsCounts(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-message-ttl", 3_600_000));
        Amqp.send(channel, queue, "a", "b");
        Amqp.awaitReady(channel, queue, 2);
        channel.basicQos(1);
        Inbox inbox = Inbox.on(channel, queue);
        inbox.next();
        // Numbers of any width are the same.
        Queue.DeclareOk again =
                channel.queueDeclare(
                        queue, true, false, false, Map.of("x-message-ttl", 3_600_000L));
        assertThat(again.getMessageCount()).isEqualTo(1);
        assertThat(again.getConsumerCount()).isEqualTo(1);
    }

    @Test
    void declaringAnotherOfThatNameIsRefused(Amqp amqp) throws Exception {
        String queue = amqp.queue(amqp.channel(), Map.of("x-max-length", 5));
        Channel durable = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(
                        406,
                        "inequivalent arg 'durable' for queue '"
                                + queue
                                + "' in vhost '/': received 'false' but current is 'true'"),
                durable,
                () -> durable.queueDeclare(queue, false, false, false, Map.of("x-max-length", 5)));
        Channel length = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "inequivalent arg 'x-max-length'"),
                length,
                () -> length.queueDeclare(queue, true, false, false, Map.of("x-max-length", 6)));
        Channel none = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "received none but current is the value '5'"),
                none,
                () -> none.queueDeclare(queue, true, false, false, Map.of()));
    }

    @Test
    void argumentsWithoutSenseAreRefused(Amqp amqp) throws Exception {
        Map<String, Object> wrong =
                Map.of(
                        "x-message-ttl",
                        "soon",
                        "x-expires",
                        0,
                        "x-max-length",
                        -1,
                        "x-max-priority",
                        256,
                        "x-queue-type",
                        "strange",
                        "x-overflow",
                        "explode");
        for (Map.Entry<String, Object> argument : wrong.entrySet()) {
            Channel channel = amqp.channel();
            ClosedBy.verify(
                    ClosedBy.channel(406, "invalid arg '" + argument.getKey() + "'"),
                    channel,
                    () ->
                            channel.queueDeclare(
                                    amqp.queueName(),
                                    true,
                                    false,
                                    false,
                                    Map.of(argument.getKey(), argument.getValue())));
        }
    }

    @Test
    void anArgumentThatNobodyKnowsIsKept(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-something-else", "yes"));
        channel.queueDeclare(queue, true, false, false, Map.of("x-something-else", "yes"));
        Amqp.send(channel, queue, "a");
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("a");
    }

    @Test
    void purgeAndDeleteTellHowManyMessagesWereReady(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a", "b", "c");
        Amqp.awaitReady(channel, queue, 3);
        long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(2);
        assertThat(channel.queuePurge(queue).getMessageCount()).isZero();
        // What is in hand was not purged.
        channel.basicNack(tag, false, true);
        Amqp.awaitReady(channel, queue, 1);
        Amqp.send(channel, queue, "d");
        Amqp.awaitReady(channel, queue, 2);
        assertThat(channel.queueDelete(queue).getMessageCount()).isEqualTo(2);
        assertThat(channel.queueDelete(queue).getMessageCount()).isZero();
    }

    @Test
    void aQueueIsDeletedOnlyIfItIsEmptyOrUnusedWhenAskedSo(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a");
        Amqp.awaitReady(channel, queue, 1);
        ClosedBy.verify(
                ClosedBy.channel(406, "queue '" + queue + "' in vhost '/' not empty"),
                channel,
                () -> channel.queueDelete(queue, false, true));
        Channel consumer = amqp.channel();
        Inbox.on(consumer, queue, true, Map.of()).next();
        Channel other = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "queue '" + queue + "' in vhost '/' in use"),
                other,
                () -> other.queueDelete(queue, true, false));
        consumer.close();
        Channel last = amqp.channel();
        last.queueDelete(queue, true, true);
        assertThat(exists(amqp, queue)).isFalse();
    }

    @Test
    void aQueueThatIsDeclaredAgainIsEmpty(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        for (int round = 0; round < 20; round++) {
            Amqp.send(channel, queue, "a");
            channel.queueDelete(queue);
            Queue.DeclareOk fresh = channel.queueDeclare(queue, true, false, false, null);
            assertThat(fresh.getMessageCount()).as("round %d", round).isZero();
        }
    }

    @Test
    void anUnboundQueueGetsNothing(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = amqp.exchange(channel, "direct");
        String queue = amqp.boundQueue(channel, exchange, "k");
        channel.queueBind(queue, exchange, "k", Map.of("other", "binding"));
        channel.queueUnbind(queue, exchange, "k");
        channel.basicPublish(exchange, "k", null, Amqp.bytes("by the other binding"));
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("by the other binding");
        channel.queueUnbind(queue, exchange, "k", Map.of("other", "binding"));
        // A binding that is not there is no error.
        channel.queueUnbind(queue, exchange, "k");
        channel.basicPublish(exchange, "k", null, Amqp.bytes("m"));
        assertThat(Amqp.drain(channel, queue)).isEmpty();
    }
}
