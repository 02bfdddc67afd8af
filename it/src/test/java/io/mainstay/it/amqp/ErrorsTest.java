package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

/// RabbitMQ's codes, and whether they end a channel or the connection. Others stand beside their features.
@AmqpTest
class ErrorsTest {

    @Test
    void aWrongPasswordIsRefused(Broker broker) {
        ConnectionFactory factory = broker.factory();
        factory.setPassword("wrong");
        assertThatThrownBy(factory::newConnection)
                .isInstanceOf(AuthenticationFailureException.class)
                .hasMessageContaining("ACCESS_REFUSED");
    }

    @Test
    void aVirtualHostThatIsNotThereIsRefused(Broker broker) {
        ConnectionFactory factory = broker.factory();
        factory.setVirtualHost("no-such-vhost");
        assertThatThrownBy(factory::newConnection)
                .isInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(ShutdownSignalException.class)
                .rootCause()
                .hasMessageContaining("reply-code=530")
                .hasMessageContaining("vhost no-such-vhost not found");
    }

    @Test
    void namesOfTheServerAreReserved(Amqp amqp) throws Exception {
        Channel exchange = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(403, "exchange name 'amq.mine' contains reserved prefix 'amq.*'"),
                exchange,
                () -> exchange.exchangeDeclare("amq.mine", "direct"));
        Channel queue = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(403, "queue name 'amq.mine' contains reserved prefix 'amq.*'"),
                queue,
                () -> queue.queueDeclare("amq.mine", false, false, false, null));
        Channel delete = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(
                        403, "deletion of system exchange 'amq.topic' in vhost '/' not allowed"),
                delete,
                () -> delete.exchangeDelete("amq.topic"));
    }

    @Test
    void theDefaultExchangeIsNotTouched(Amqp amqp) throws Exception {
        String queue = amqp.queue(amqp.channel());
        Channel bind = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(403, "operation not permitted on the default exchange"),
                bind,
                () -> bind.queueBind(queue, "", "k"));
        Channel delete = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(403, "operation not permitted on the default exchange"),
                delete,
                () -> delete.exchangeDelete(""));
    }

    @Test
    void publishingToAMissingExchangeClosesTheChannel(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String missing = amqp.exchangeName();
        ClosedBy.verify(
                ClosedBy.channel(404, "no exchange '" + missing + "' in vhost '/'"),
                channel,
                () -> channel.basicPublish(missing, "k", null, new byte[3]));
        assertThat(channel.getConnection().isOpen()).isTrue();
    }

    @Test
    void immediateMessagesAreNotKnown(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.connection(540, "immediate=true"),
                channel,
                () -> channel.basicPublish("", "k", false, true, null, new byte[0]));
    }

    @Test
    void aConsumerTagIsUsedOnceOnAChannel(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        channel.basicConsume(queue, true, "tag", new DefaultConsumer(channel));
        ClosedBy.verify(
                ClosedBy.connection(530, "attempt to reuse consumer tag 'tag'"),
                channel,
                () -> channel.basicConsume(queue, true, "tag", new DefaultConsumer(channel)));
    }

    @Test
    void aChannelNumberIsOpenedOnce(Amqp amqp) throws Exception {
        Connection connection = amqp.connect();
        Channel channel = connection.createChannel(1);
        ClosedBy.verify(
                ClosedBy.connection(504, "CHANNEL_ERROR"),
                channel,
                () -> channel.rpc(new AMQP.Channel.Open.Builder().build()));
    }

    @Test
    void aForeignUserIdIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        BasicProperties properties = new BasicProperties.Builder().userId("not-guest").build();
        ClosedBy.verify(
                ClosedBy.channel(
                        406,
                        "user_id property set to 'not-guest' but authenticated user was 'guest'"),
                channel,
                () -> channel.basicPublish("", queue, properties, new byte[0]));
    }

    @Test
    void otherChannelsLiveOnAfterAnErrorOfOne(Amqp amqp) throws Exception {
        Connection connection = amqp.connect();
        Channel bad = connection.createChannel();
        Channel good = connection.createChannel();
        String queue = amqp.queue(good);
        Inbox inbox = Inbox.on(good, queue, true, Map.of());
        assertThatThrownBy(() -> bad.queueDeclarePassive(amqp.queueName()))
                .isInstanceOf(IOException.class);
        Amqp.send(good, queue, "m");
        assertThat(inbox.nextText()).isEqualTo("m");
        // Its number may be used again.
        int number = bad.getChannelNumber();
        Channel again =
                Conditions.value(
                        "a channel with the number of the closed one",
                        Amqp.SOON,
                        () -> connection.createChannel(number));
        assertThat(Amqp.ready(again, queue)).isZero();
    }
}
