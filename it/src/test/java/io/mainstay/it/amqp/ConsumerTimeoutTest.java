package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

/// What happens to a consumer that never acknowledges.
@AmqpTest
class ConsumerTimeoutTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aConsumerThatDoesNotAcknowledgeInTimeLosesItsChannelAndTheMessageComesBack(Amqp amqp)
            throws Exception {
        Channel healthy = amqp.channel();
        Channel stuck = amqp.channel();
        String queue = amqp.queue(healthy, Map.of("x-consumer-timeout", 1_000));
        Inbox inbox = Inbox.on(stuck, queue);
        Amqp.send(healthy, queue, "a", "b");
        inbox.nextTexts(2);

        Conditions.await("the channel to be closed", SOON, () -> !stuck.isOpen());

        ShutdownSignalException why = stuck.getCloseReason();
        assertThat(why.getReason()).isInstanceOf(AMQP.Channel.Close.class);
        AMQP.Channel.Close close = (AMQP.Channel.Close) why.getReason();
        assertThat(close.getReplyCode()).isEqualTo(406);
        assertThat(close.getReplyText())
                .startsWith("PRECONDITION_FAILED - delivery acknowledgement on channel ")
                .contains(" timed out. Timeout value used: 1000 ms.");
        assertThat(stuck.getConnection().isOpen()).isTrue();
        Amqp.awaitReady(healthy, queue, 2);
        assertThat(healthy.basicGet(queue, true).getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void whoAcknowledgesInTimeGoesOn(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Channel stuck = amqp.channel();
        String queue = amqp.queue(channel, Map.of("x-consumer-timeout", 1_000));
        String clock = amqp.queue(channel, Map.of("x-consumer-timeout", 1_000));
        Inbox inbox = Inbox.on(channel, queue);
        Amqp.send(channel, queue, "a");
        channel.basicAck(inbox.next().getEnvelope().getDeliveryTag(), false);
        // One that is late shows that the time of the other queue has passed as well.
        Inbox late = Inbox.on(stuck, clock);
        Amqp.send(channel, clock, "x");
        late.next();
        Conditions.await("the time-out to pass", SOON, () -> !stuck.isOpen());

        Amqp.send(channel, queue, "b");
        assertThat(inbox.nextText()).isEqualTo("b");
        assertThat(channel.isOpen()).isTrue();
    }
}
