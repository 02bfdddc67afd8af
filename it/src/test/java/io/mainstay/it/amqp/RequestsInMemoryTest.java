package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What need not survive a start costs no sync of the disk: requests and answers over exclusive queues.
@AmqpTest
class RequestsInMemoryTest {

    private static final int REQUESTS = 500;
    private static final Pattern SYNCS =
            Pattern.compile(
                    "^mainstay_journal_syncs_total(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE);

    @Test
    void requestsOverExclusiveQueuesDoNotWaitForTheDisk(Amqp amqp) throws Exception {
        assumeTrue(amqp.broker().isMainstay(), "syncs are counted in our own node");
        Channel asker = amqp.confirming();
        Channel server = amqp.confirming();
        String requests = server.queueDeclare().getQueue();
        String answers = asker.queueDeclare().getQueue();
        Inbox asked = Inbox.on(server, requests, false, Map.of());
        Inbox answered = Inbox.on(asker, answers, false, Map.of());
        double before = syncs(amqp.broker());
        long begun = System.nanoTime();
        for (int i = 0; i < REQUESTS; i++) {
            BasicProperties request =
                    new BasicProperties.Builder()
                            .replyTo(answers)
                            .correlationId(Integer.toString(i))
                            .build();
            Amqp.publish(asker, "", requests, request, "question");
            asker.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            Delivery question = asked.next();
            server.basicAck(question.getEnvelope().getDeliveryTag(), false);
            Amqp.publish(server, "", answers, question.getProperties(), "answer");
            server.waitForConfirmsOrDie(Amqp.SOON.toMillis());
            Delivery answer = answered.next();
            asker.basicAck(answer.getEnvelope().getDeliveryTag(), false);
            assertThat(answer.getProperties().getCorrelationId()).isEqualTo(Integer.toString(i));
        }
        // Two messages each: were one synced before it goes on, there would be two for each. What
        // nobody waits for is synced ten times a second.
        double anyway = 10 * (System.nanoTime() - begun) / 1e9;
        assertThat(syncs(amqp.broker()) - before).isLessThan(REQUESTS / 2.0 + anyway);
    }

    private static double syncs(Broker broker) throws Exception {
        Matcher found = SYNCS.matcher(broker.metrics());
        assertThat(found.find()).as("a count of syncs").isTrue();
        return Double.parseDouble(found.group(1));
    }
}
