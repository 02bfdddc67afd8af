package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MissedHeartbeatException;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.FaultProxy;

import org.junit.jupiter.api.Test;

/// A network that swallows everything without a word: both sides notice by heartbeats alone.
@AmqpTest
class HeartbeatsTest {

    @Test
    void aClientThatIsOutOfReachGivesBackWhatItHeld(Amqp amqp, Broker broker) throws Exception {
        Channel here = amqp.confirming();
        String queue = amqp.queue(here);
        Amqp.store(here, queue, "a", "b");
        try (FaultProxy network = FaultProxy.open(broker.port())) {
            ConnectionFactory factory = broker.factory();
            factory.setHost("127.0.0.1");
            factory.setPort(network.port());
            factory.setRequestedHeartbeat(1);
            Connection far = factory.newConnection();
            Channel channel = far.createChannel();
            Inbox inbox = Inbox.on(channel, queue);
            assertThat(inbox.nextText()).isEqualTo("a");
            assertThat(inbox.nextText()).isEqualTo("b");
            assertThat(Amqp.ready(here, queue)).isZero();

            network.halfOpen();

            Amqp.awaitReady(here, queue, 2);
            GetResponse first = Amqp.take(here, queue);
            assertThat(Amqp.text(first)).isEqualTo("a");
            assertThat(first.getEnvelope().isRedeliver()).isTrue();
            Conditions.await("the client to miss the broker", Amqp.SOON, () -> !far.isOpen());
            assertThat(far.getCloseReason()).hasCauseInstanceOf(MissedHeartbeatException.class);
        }
    }

    @Test
    void aPublisherThatIsOutOfReachLosesItsExclusiveQueue(Amqp amqp, Broker broker)
            throws Exception {
        Channel here = amqp.channel();
        String name = amqp.queueName();
        try (FaultProxy network = FaultProxy.open(broker.port())) {
            ConnectionFactory factory = broker.factory();
            factory.setHost("127.0.0.1");
            factory.setPort(network.port());
            factory.setRequestedHeartbeat(1);
            Channel channel = factory.newConnection().createChannel();
            channel.queueDeclare(name, false, true, false, null);

            network.halfOpen();

            Conditions.await(
                    "the name to be free",
                    Amqp.SOON,
                    () -> {
                        Channel trying = here.getConnection().createChannel();
                        try {
                            trying.queueDeclare(name, false, true, false, null);
                            return true;
                        } catch (java.io.IOException locked) {
                            return false;
                        }
                    });
        }
    }
}
