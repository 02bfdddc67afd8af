package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.Test;

/// A queue that nobody reads for a while.
@AmqpTest
class BacklogTest {
    private static final int MESSAGES = 100_000;
    private static final int WINDOW = 1_000;

    @Test
    void allMessagesComeInOrderAfterwards(Amqp amqp) throws Exception {
        Channel publisher = amqp.channel();
        String queue = amqp.queue(publisher);
        publisher.confirmSelect();
        for (int i = 0; i < MESSAGES; i++) {
            publisher.basicPublish(
                    "",
                    queue,
                    MessageProperties.MINIMAL_PERSISTENT_BASIC,
                    Amqp.bytes(Integer.toString(i)));
            if (i % WINDOW == WINDOW - 1) {
                publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            }
        }
        assertThat(Amqp.ready(publisher, queue)).isEqualTo(MESSAGES);
        Channel consumer = amqp.channel();
        consumer.basicQos(WINDOW);
        Inbox inbox = Inbox.on(consumer, queue);
        for (int i = 0; i < MESSAGES; i++) {
            Delivery delivery = inbox.next();
            assertThat(Amqp.text(delivery.getBody())).isEqualTo(Integer.toString(i));
            if (i % (WINDOW / 2) == WINDOW / 2 - 1) {
                consumer.basicAck(delivery.getEnvelope().getDeliveryTag(), true);
            }
        }
        consumer.close();
        assertThat(Amqp.ready(publisher, queue)).isZero();
    }
}
