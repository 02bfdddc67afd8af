package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Publishing and consuming with RabbitMQ's Java client.
class MessagesTest {

    private AmqpFixture fixture;
    private Connection connection;
    private Channel channel;
    private String queue;

    @BeforeEach
    void start() throws Exception {
        fixture = new AmqpFixture(new FakeMessaging());
        connection = fixture.connect();
        channel = connection.createChannel();
        queue = channel.queueDeclare("", false, true, false, null).getQueue();
    }

    @AfterEach
    void stop() {
        connection.abort();
        fixture.close();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private void publish(String body) throws Exception {
        channel.basicPublish("", queue, null, body.getBytes());
    }

    private String get() throws Exception {
        GetResponse got = channel.basicGet(queue, true);
        return got == null ? null : new String(got.getBody());
    }

    private BlockingQueue<Delivery> consume(boolean autoAck) throws Exception {
        BlockingQueue<Delivery> received = new LinkedBlockingQueue<>();
        DeliverCallback deliver = (tag, delivery) -> received.add(delivery);
        channel.basicConsume(queue, autoAck, deliver, tag -> {});
        return received;
    }

    private static Delivery next(BlockingQueue<Delivery> received) throws Exception {
        Delivery delivery = received.poll(60, TimeUnit.SECONDS);
        assertThat(delivery).isNotNull();
        return delivery;
    }

    @Test
    void bodiesOfEverySizeComeBackAsTheyWent() throws Exception {
        BlockingQueue<Delivery> received = consume(true);
        int frame = 131_072;
        for (int size :
                new int[] {
                    0,
                    1,
                    1023,
                    1024,
                    1025,
                    4096,
                    frame - 9,
                    frame - 8,
                    frame - 7,
                    3 * frame,
                    AmqpFixture.MESSAGE_MAX_BYTES
                }) {
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_TEXT_PLAIN, bytes(size));
            Delivery delivery = next(received);
            assertThat(delivery.getBody()).as("%s bytes", size).isEqualTo(bytes(size));
            assertThat(delivery.getProperties().getContentType()).isEqualTo("text/plain");
            assertThat(delivery.getProperties().getDeliveryMode()).isEqualTo(2);
            assertThat(delivery.getEnvelope().getRoutingKey()).isEqualTo(queue);
            assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
        }
    }

    @Test
    void aSmallFrameCutsBodies() throws Exception {
        var factory = fixture.factory();
        factory.setRequestedFrameMax(8192);
        try (Connection small = factory.newConnection()) {
            Channel other = small.createChannel();
            String its = other.queueDeclare().getQueue();
            other.basicPublish("", its, null, bytes(50_000));
            assertThat(other.basicGet(its, true).getBody()).isEqualTo(bytes(50_000));
        }
    }

    @Test
    void everyPropertyPassesThrough() throws Exception {
        AMQP.BasicProperties all =
                new AMQP.BasicProperties.Builder()
                        .contentType("a")
                        .contentEncoding("b")
                        .headers(Map.of("h", "v", "n", 7, "l", List.of(1, "two")))
                        .deliveryMode(1)
                        .priority(9)
                        .correlationId("c")
                        .replyTo("r")
                        .expiration("60000")
                        .messageId("m")
                        .timestamp(new java.util.Date(1_700_000_000_000L))
                        .type("t")
                        .userId("guest")
                        .appId("app")
                        .build();
        channel.basicPublish("", queue, all, bytes(3));
        AMQP.BasicProperties got = channel.basicGet(queue, true).getProps();
        assertThat(got)
                .usingRecursiveComparison()
                .ignoringFields("headers", "bodySize")
                .isEqualTo(all);
        assertThat(got.getHeaders().get("n")).isEqualTo(7);
    }

    @Test
    void whatWasPublishedIsSeenByWhatComesNextOnTheChannel() throws Exception {
        for (int i = 0; i < 200; i++) {
            publish("m" + i);
        }
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(200);
        for (int i = 0; i < 200; i++) {
            assertThat(get()).isEqualTo("m" + i);
        }
        assertThat(get()).isNull();
        publish("more");
        assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(1);
    }

    @Test
    void confirmsComeForEveryPublish() throws Exception {
        channel.confirmSelect();
        List<Long> confirmed = Collections.synchronizedList(new ArrayList<>());
        channel.addConfirmListener(
                (tag, multiple) -> confirmed.add(multiple ? -tag : tag),
                (tag, multiple) -> confirmed.add(0L));
        for (int i = 0; i < 1000; i++) {
            publish("m");
        }
        assertThat(channel.waitForConfirms(60_000)).isTrue();
        assertThat(confirmed).doesNotContain(0L);
        assertThat(Math.abs(confirmed.getLast())).isEqualTo(1000);
    }

    @Test
    void aFullQueueNacks() throws Exception {
        String full =
                channel.queueDeclare(
                                "full",
                                false,
                                false,
                                true,
                                Map.of("x-max-length", 1, "x-overflow", "reject-publish"))
                        .getQueue();
        channel.confirmSelect();
        channel.basicPublish("", full, null, bytes(1));
        assertThat(channel.waitForConfirms(60_000)).isTrue();
        channel.basicPublish("", full, null, bytes(1));
        assertThat(channel.waitForConfirms(60_000)).isFalse();
    }

    @Test
    void anUnroutableMessageReturnsBeforeItIsConfirmed() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        channel.addReturnListener(
                returned ->
                        events.add(
                                returned.getReplyCode()
                                        + " "
                                        + returned.getReplyText()
                                        + " "
                                        + new String(returned.getBody())));
        channel.addConfirmListener((tag, multiple) -> events.add("ack"), (tag, m) -> {});
        channel.confirmSelect();
        channel.basicPublish("amq.direct", "nowhere", true, null, "body".getBytes());
        assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("312 NO_ROUTE body");
        assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("ack");
        channel.basicPublish("amq.direct", "nowhere", false, null, "body".getBytes());
        assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("ack");
    }

    @Test
    void prefetchBoundsWhatIsUnacknowledged() throws Exception {
        channel.basicQos(3);
        for (int i = 0; i < 10; i++) {
            publish("m" + i);
        }
        BlockingQueue<Delivery> received = consume(false);
        for (int i = 0; i < 3; i++) {
            next(received);
        }
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(7);
        channel.basicAck(2, true);
        assertThat(new String(next(received).getBody())).isEqualTo("m3");
        assertThat(new String(next(received).getBody())).isEqualTo("m4");
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(5);
    }

    @Test
    void globalPrefetchBoundsAllConsumersOfAChannel() throws Exception {
        channel.basicQos(4, true);
        for (int i = 0; i < 10; i++) {
            publish("m" + i);
        }
        BlockingQueue<Delivery> one = consume(false);
        BlockingQueue<Delivery> two = consume(false);
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(6);
        channel.basicAck(0, true);
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(2);
        channel.basicQos(0, true);
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isZero();
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> one.size() + two.size() == 10);
    }

    @Test
    void whatIsNackedOrRecoveredComesAgainInItsPlace() throws Exception {
        for (int i = 0; i < 3; i++) {
            publish("m" + i);
        }
        BlockingQueue<Delivery> received = consume(false);
        next(received);
        next(received);
        next(received);
        channel.basicNack(2, true, true);
        Delivery again = next(received);
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        assertThat(again.getEnvelope().getDeliveryTag()).isEqualTo(4);
        assertThat(new String(again.getBody())).isEqualTo("m0");
        next(received);
        channel.basicRecover(true);
        // As they are in the queue, also if tags have another order.
        for (int i = 0; i < 3; i++) {
            assertThat(new String(next(received).getBody())).isEqualTo("m" + i);
        }
        channel.basicReject(6, false);
        channel.basicAck(0, true);
        channel.close();
        channel = connection.createChannel();
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isZero();
    }

    @Test
    void aClosedChannelGivesBackWhatItHadInItsOrder() throws Exception {
        for (int i = 0; i < 50; i++) {
            publish("m" + i);
        }
        BlockingQueue<Delivery> received = consume(false);
        for (int i = 0; i < 50; i++) {
            next(received);
        }
        channel.basicAck(1, false);
        channel.close();
        channel = connection.createChannel();
        for (int i = 1; i < 50; i++) {
            GetResponse got = channel.basicGet(queue, true);
            assertThat(new String(got.getBody())).isEqualTo("m" + i);
            assertThat(got.getEnvelope().isRedeliver()).isTrue();
        }
    }

    @Test
    void acksInAnyOrderSettleWhatTheyName() throws Exception {
        int all = 300;
        for (int i = 0; i < all; i++) {
            publish("m" + i);
        }
        BlockingQueue<Delivery> received = consume(false);
        List<Long> tags = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            tags.add(next(received).getEnvelope().getDeliveryTag());
        }
        Collections.shuffle(tags, new Random(1));
        for (long tag : tags.subList(0, all - 1)) {
            channel.basicAck(tag, false);
        }
        channel.close();
        channel = connection.createChannel();
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(1);
        assertThat(get()).isEqualTo("m" + (tags.getLast() - 1));
    }

    @Test
    void aCancelledConsumerIsToldAndADeletedQueueTellsItsConsumers() throws Exception {
        BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
        String tag = channel.basicConsume(queue, true, (t, d) -> {}, cancelled::add);
        assertThat(tag).startsWith("amq.ctag-");
        channel.basicCancel(tag);
        publish("stays");
        assertThat(get()).isEqualTo("stays");
        String second = channel.basicConsume(queue, true, (t, d) -> {}, cancelled::add);
        try (Channel other = connection.createChannel()) {
            other.queueDelete(queue);
        }
        assertThat(cancelled.poll(60, TimeUnit.SECONDS)).isEqualTo(second);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void transactionsHoldUntilTheyAreCommitted() throws Exception {
        channel.txSelect();
        publish("one");
        assertThat(get()).isNull();
        channel.txRollback();
        publish("two");
        channel.txCommit();
        GetResponse got = channel.basicGet(queue, false);
        assertThat(new String(got.getBody())).isEqualTo("two");
        channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
        channel.txRollback();
        channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
        channel.txCommit();
        channel.close();
        channel = connection.createChannel();
        assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isZero();
    }

    @Test
    void copiesGoToEveryNameOnceAndBccIsNotSeen() throws Exception {
        String second = channel.queueDeclare().getQueue();
        String third = channel.queueDeclare().getQueue();
        var props =
                new AMQP.BasicProperties.Builder()
                        .headers(
                                Map.of("CC", List.of(second, queue), "BCC", List.of(third), "x", 1))
                        .build();
        channel.basicPublish("", queue, props, bytes(1));
        for (String name : List.of(queue, second, third)) {
            GetResponse got = channel.basicGet(name, true);
            assertThat(got.getProps().getHeaders()).containsOnlyKeys("CC", "x");
            assertThat(channel.basicGet(name, true)).isNull();
        }
    }

    @Test
    void aDirectReplyReachesTheChannelThatAsked() throws Exception {
        BlockingQueue<Delivery> replies = new LinkedBlockingQueue<>();
        channel.basicConsume(
                "amq.rabbitmq.reply-to", true, (tag, delivery) -> replies.add(delivery), t -> {});
        channel.basicPublish(
                "",
                queue,
                new AMQP.BasicProperties.Builder().replyTo("amq.rabbitmq.reply-to").build(),
                "question".getBytes());
        try (Connection server = fixture.connect()) {
            Channel its = server.createChannel();
            var unlocked = channel.basicGet(queue, true);
            String replyTo = unlocked.getProps().getReplyTo();
            assertThat(replyTo).startsWith("amq.rabbitmq.reply-to.");
            assertThat(its.queueDeclarePassive(replyTo).getConsumerCount()).isEqualTo(1);
            its.basicPublish("", replyTo, true, null, "answer".getBytes());
            Delivery answer = next(replies);
            assertThat(new String(answer.getBody())).isEqualTo("answer");
            assertThat(answer.getEnvelope().getRoutingKey()).isEqualTo(replyTo);
        }
    }

    @Test
    void deliveriesOfAQuorumQueueCountHowOftenTheyCameBack() throws Exception {
        channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));
        channel.basicPublish("", "q", null, bytes(1));
        GetResponse first = channel.basicGet("q", false);
        assertThat(first.getProps().getHeaders()).isNull();
        channel.basicNack(first.getEnvelope().getDeliveryTag(), false, true);
        GetResponse second = channel.basicGet("q", true);
        assertThat(second.getProps().getHeaders()).containsEntry("x-delivery-count", 1L);
    }

    @Test
    void aClientThatDoesNotReadHoldsNoMemoryBeyondTheWindow() throws Exception {
        // 64 messages of 1 MiB: far more than the window of the connection.
        for (int i = 0; i < 64; i++) {
            channel.basicPublish("", queue, null, bytes(1 << 20));
        }
        BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
        channel.basicConsume(
                queue, true, (tag, delivery) -> received.add(delivery.getBody().length), t -> {});
        for (int i = 0; i < 64; i++) {
            assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo(1 << 20);
        }
    }
}
