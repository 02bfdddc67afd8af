package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;

import org.junit.jupiter.api.Test;

/// Consumers whose queue goes are told.
@AmqpTest
class CancelNotificationTest {

    @Test
    void aConsumerIsToldThatItsQueueWasDeleted(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Inbox inbox = Inbox.on(channel, queue);
        amqp.channel().queueDelete(queue);
        assertThat(inbox.awaitCancelled()).isTrue();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void theOneWhoDeletesIsToldToo(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Inbox inbox = Inbox.on(channel, queue);
        channel.queueDelete(queue);
        assertThat(inbox.awaitCancelled()).isTrue();
    }

    @Test
    void whatItHeldCannotHarmAnybody(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        Amqp.send(channel, queue, "a");
        Inbox inbox = Inbox.on(channel, queue);
        long tag = inbox.next().getEnvelope().getDeliveryTag();
        amqp.channel().queueDelete(queue);
        assertThat(inbox.awaitCancelled()).isTrue();
        channel.basicAck(tag, false);
        channel.queueDeclare(queue, true, false, false, null);
        Amqp.send(channel, queue, "b");
        assertThat(Amqp.takeText(channel, queue)).isEqualTo("b");
    }
}
