package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// Consumers that are served first.
@AmqpTest
class ConsumerPrioritiesTest {

    @Test
    void othersGetWhatTheFirstCannotTake(Amqp amqp) throws Exception {
        Channel publisher = amqp.channel();
        String queue = amqp.queue(publisher);
        Channel low = amqp.channel();
        Channel high = amqp.channel();
        low.basicQos(10);
        high.basicQos(3);
        Inbox second = Inbox.on(low, queue);
        Inbox first = Inbox.on(high, queue, false, Map.of("x-priority", 10));
        Amqp.send(publisher, queue, "a", "b", "c", "d", "e");
        assertThat(first.nextTexts(3)).containsExactly("a", "b", "c");
        assertThat(second.nextTexts(2)).containsExactly("d", "e");
        assertThat(first.isEmpty()).isTrue();
    }

    @Test
    void aNegativePriorityIsBelowTheUsual(Amqp amqp) throws Exception {
        Channel publisher = amqp.channel();
        String queue = amqp.queue(publisher);
        Inbox last = Inbox.on(amqp.channel(), queue, false, Map.of("x-priority", -1));
        Inbox usual = Inbox.on(amqp.channel(), queue);
        Amqp.send(publisher, queue, "a", "b", "c");
        assertThat(usual.nextTexts(3)).isEqualTo(List.of("a", "b", "c"));
        assertThat(last.isEmpty()).isTrue();
    }

    @Test
    void aPriorityThatIsNoNumberIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        ClosedBy.verify(
                ClosedBy.channel(406, "PRECONDITION_FAILED"),
                channel,
                () -> Inbox.on(channel, queue, false, Map.of("x-priority", "high")));
    }
}
