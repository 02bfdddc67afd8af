package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// A fanout to many queues, publishers that wait for no confirm and one channel that takes everything and acknowledges nothing: the node's heap is too small for
/// the indexes of these queues and for what that channel would have in hand.
class ManyLaggingQueuesTest {

    private static final boolean LONG = Boolean.getBoolean("mainstay.long");
    private static final String HEAP = LONG ? "-Xmx256m" : "-Xmx192m";
    private static final int QUEUES = LONG ? 1_500 : 300;
    private static final int PUBLISHERS = LONG ? 100 : 5;
    private static final int MESSAGES = LONG ? 100 : 600;

    private static final int ALL = PUBLISHERS * MESSAGES;

    /// For everything that is published to be in its queues; with the memory alarm in between, which ends some seconds late.
    private static final Duration PUBLISHED = Duration.ofMinutes(LONG ? 5 : 1);

    @TempDir Path folder;

    private final AtomicInteger publishers = new AtomicInteger();

    @Test
    void theHeapSufficesAndTheChannelThatHasItAllInHandCloses() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's heap");
        try (NodeProcess node =
                        NodeProcess.start(
                                JavaProcess.sameJava(),
                                List.of("-XX:TieredStopAtLevel=1", HEAP),
                                JavaProcess.sameClasspath(),
                                folder.resolve("node"));
                Connection consuming = Broker.of(node).factory().newConnection()) {
            Channel greedy = consuming.createChannel();
            Channel asking = consuming.createChannel();
            List<String> stay = new ArrayList<>();
            AtomicInteger inHand = new AtomicInteger();
            String gone = "";
            for (int i = 0; i < QUEUES; i++) {
                boolean stays = i % 2 == 0;
                String queue = greedy.queueDeclare("", false, true, !stays, null).getQueue();
                greedy.queueBind(queue, "amq.fanout", "");
                greedy.basicConsume(queue, counting(greedy, inHand));
                if (stays) {
                    stay.add(queue);
                } else {
                    gone = queue;
                }
            }
            List<Future<?>> published = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                published.add(publish(Broker.of(node)));
            }
            for (Future<?> one : published) {
                one.get(PUBLISHED.toMillis(), TimeUnit.MILLISECONDS);
            }
            Conditions.await("some of it to be in hand", Amqp.SOON, () -> inHand.get() > QUEUES);
            // The client itself is still busy with what it got.
            greedy.close();
            // What was on its way to it comes back a moment later.
            for (String queue : List.of(stay.getFirst(), stay.getLast())) {
                Conditions.await(
                        "everything to be back", Amqp.SOON, () -> count(asking, queue) == ALL);
            }
            assertThat(asking.consumerCount(stay.getLast())).isZero();
            String withoutConsumer = gone;
            assertThatThrownBy(() -> asking.queueDeclarePassive(withoutConsumer))
                    .hasRootCauseInstanceOf(ShutdownSignalException.class)
                    .rootCause()
                    .hasMessageContaining("404");

            // What a queue got is there, in the order of each publisher.
            Channel next = consuming.createChannel();
            next.basicQos(100);
            Inbox inbox = Inbox.on(next, stay.get(stay.size() / 2));
            int[] last = new int[PUBLISHERS];
            for (int i = 0; i < ALL; i++) {
                var delivery = inbox.next();
                ByteBuffer body = ByteBuffer.wrap(delivery.getBody());
                int publisher = body.getInt();
                assertThat(body.getInt()).isEqualTo(++last[publisher]);
                next.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            }
            Http.Answer overview = Http.get(node.httpUrl() + "/metrics");
            assertThat(overview.status()).isEqualTo(200);
            assertThat(node.process().log()).doesNotContain("OutOfMemoryError", "fenced");
        }
    }

    private static long count(Channel channel, String queue) {
        try {
            return channel.messageCount(queue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DefaultConsumer counting(Channel channel, AtomicInteger count) {
        return new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                    String consumerTag,
                    Envelope envelope,
                    BasicProperties properties,
                    byte[] body) {
                count.incrementAndGet();
            }
        };
    }

    /// Ends when everything is in its queues.
    private Future<?> publish(Broker broker) {
        int number = publishers.getAndIncrement();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (Connection connection = broker.factory().newConnection()) {
                                Channel channel = connection.createChannel();
                                for (int i = 1; i <= MESSAGES; i++) {
                                    byte[] body =
                                            ByteBuffer.allocate(8).putInt(number).putInt(i).array();
                                    channel.basicPublish(
                                            "amq.fanout",
                                            "",
                                            MessageProperties.MINIMAL_PERSISTENT_BASIC,
                                            body);
                                }
                                // Answered when all of them are.
                                channel.queueDeclare();
                                done.complete(null);
                            } catch (IOException | TimeoutException | RuntimeException e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }
}
