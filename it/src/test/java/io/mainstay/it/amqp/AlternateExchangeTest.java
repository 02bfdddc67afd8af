package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Where messages go that an exchange has no queue for.
@AmqpTest
class AlternateExchangeTest {

    private static String withAlternate(Amqp amqp, Channel channel, String alternate)
            throws Exception {
        return amqp.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
    }

    private static void publish(Channel channel, String exchange, String key) throws Exception {
        Amqp.publish(channel, exchange, key, MessageProperties.MINIMAL_BASIC, key);
    }

    @Test
    void onlyMessagesWithoutAQueueGoThere(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String alternate = amqp.exchange(channel, "fanout");
        String lost = amqp.boundQueue(channel, alternate, "");
        String exchange = withAlternate(amqp, channel, alternate);
        String known = amqp.boundQueue(channel, exchange, "known");
        publish(channel, exchange, "known");
        publish(channel, exchange, "unknown");
        assertThat(Amqp.drain(channel, known)).containsExactly("known");
        assertThat(Amqp.drain(channel, lost)).containsExactly("unknown");
    }

    @Test
    void alternatesMayHaveAlternatesAndARingEnds(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String last = amqp.exchangeName();
        String middle = withAlternate(amqp, channel, last);
        String first = withAlternate(amqp, channel, middle);
        channel.exchangeDeclare(last, "direct", true, false, Map.of("alternate-exchange", first));
        String queue = amqp.boundQueue(channel, last, "k");
        publish(channel, first, "k");
        publish(channel, first, "nowhere");
        assertThat(Amqp.drain(channel, queue)).containsExactly("k");
    }

    @Test
    void aMessageThatAnAlternateTookIsNotReturned(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String alternate = amqp.exchange(channel, "fanout");
        String exchange = withAlternate(amqp, channel, alternate);
        BlockingQueue<String> returned = new LinkedBlockingQueue<>();
        channel.addReturnListener(message -> returned.add(Amqp.text(message.getBody())));
        channel.confirmSelect();
        // Nothing is bound to the alternate yet.
        channel.basicPublish(exchange, "k", true, null, Amqp.bytes("early"));
        assertThat(returned.poll(Amqp.SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("early");
        String queue = amqp.boundQueue(channel, alternate, "");
        channel.basicPublish(exchange, "k", true, null, Amqp.bytes("taken"));
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(returned).isEmpty();
        assertThat(Amqp.drain(channel, queue)).containsExactly("taken");
    }

    @Test
    void anAlternateThatIsMissingIsNoError(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String exchange = withAlternate(amqp, channel, amqp.exchangeName());
        channel.confirmSelect();
        publish(channel, exchange, "k");
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        assertThat(channel.isOpen()).isTrue();
    }
}
