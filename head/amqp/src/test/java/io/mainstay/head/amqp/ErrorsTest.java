package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What RabbitMQ's Java client is told when something cannot be done, and whether its channel or its connection ends.
class ErrorsTest {

    private AmqpFixture fixture;
    private FakeMessaging messaging;
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        messaging = new FakeMessaging();
        fixture = new AmqpFixture(messaging);
        connection = fixture.connect();
        channel = connection.createChannel();
    }

    @AfterEach
    void stop() {
        connection.abort();
        fixture.close();
    }

    /// The method fails, its channel closes, and the connection stays.
    private void closesChannel(ThrowingCallable call, String reply) throws Exception {
        assertThatThrownBy(call).satisfies(thrown -> assertThat(reply(thrown)).startsWith(reply));
        assertThat(connection.isOpen()).isTrue();
        channel = connection.createChannel();
    }

    private void closesConnection(ThrowingCallable call, String reply) throws Exception {
        assertThatThrownBy(call).satisfies(thrown -> assertThat(reply(thrown)).startsWith(reply));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !connection.isOpen());
        connection = fixture.connect();
        channel = connection.createChannel();
    }

    /// Of a method without an answer: the reason comes a moment later.
    private String reasonOf(Channel closing) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !closing.isOpen());
        return reply(closing.getCloseReason());
    }

    private static String reply(Throwable thrown) {
        Throwable cause = thrown;
        while (!(cause instanceof ShutdownSignalException signal)) {
            cause = cause.getCause();
        }
        Method reason = signal.getReason();
        return switch (reason) {
            case AMQP.Channel.Close close -> close.getReplyCode() + " " + close.getReplyText();
            case AMQP.Connection.Close close -> close.getReplyCode() + " " + close.getReplyText();
            default -> reason.toString();
        };
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        closesChannel(
                () -> channel.queueDeclarePassive("none"),
                "404 NOT_FOUND - no queue 'none' in vhost '/'");
        closesChannel(
                () -> channel.exchangeDeclarePassive("none"),
                "404 NOT_FOUND - no exchange 'none' in vhost '/'");
        closesChannel(
                () -> channel.basicConsume("none", (t, d) -> {}, t -> {}),
                "404 NOT_FOUND - no queue 'none'");
        channel.basicPublish("none", "k", null, new byte[0]);
        assertThat(reasonOf(channel)).startsWith("404 NOT_FOUND - no exchange 'none'");
        channel = connection.createChannel();
        assertThat(channel.queueDelete("none").getMessageCount()).isZero();
        channel.exchangeDelete("none");
    }

    /// As RabbitMQ answers for a queue whose node is down.
    @Test
    void whatIsOutOfServiceIsNotFoundEither() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        messaging.takeDown("q");
        String down = "404 NOT_FOUND - queue is down or inaccessible";
        closesChannel(() -> channel.queueDeclare("q", true, false, false, null), down);
        closesChannel(() -> channel.queueDeclarePassive("q"), down);
        closesChannel(() -> channel.basicConsume("q", (t, d) -> {}, t -> {}), down);
        closesChannel(() -> channel.basicGet("q", true), down);
        closesChannel(() -> channel.queuePurge("q"), down);
        closesChannel(() -> channel.queueDelete("q"), down);
    }

    @Test
    void anotherDeclarationOfTheSameNameIsRefused() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        channel.queueDeclare("q", true, false, false, null);
        closesChannel(
                () -> channel.queueDeclare("q", false, false, false, null),
                "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/'");
        closesChannel(
                () -> channel.queueDeclare("q", true, false, false, Map.of("x-message-ttl", 5)),
                "406 PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'q'");
        channel.exchangeDeclare("x", "direct");
        closesChannel(
                () -> channel.exchangeDeclare("x", "fanout"),
                "406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'x'");
    }

    @Test
    void reservedNamesAndTheDefaultExchangeAreRefused() throws Exception {
        closesChannel(
                () -> channel.queueDeclare("amq.mine", true, false, false, null),
                "403 ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix");
        closesChannel(
                () -> channel.exchangeDeclare("amq.mine", "direct"),
                "403 ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix");
        channel.queueDeclare("q", true, false, false, null);
        closesChannel(
                () -> channel.queueBind("q", "", "k"),
                "403 ACCESS_REFUSED - operation not permitted on the default exchange");
    }

    @Test
    void anExclusiveQueueIsLockedAndGoesWithItsConnection() throws Exception {
        channel.queueDeclare("mine", false, true, false, null);
        try (Connection other = fixture.connect()) {
            Channel its = other.createChannel();
            assertThatThrownBy(() -> its.queueDeclarePassive("mine"))
                    .satisfies(
                            thrown ->
                                    assertThat(reply(thrown))
                                            .startsWith(
                                                    "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'"));
        }
        connection.close();
        connection = fixture.connect();
        channel = connection.createChannel();
        closesChannel(() -> channel.queueDeclarePassive("mine"), "404 NOT_FOUND");
    }

    @Test
    void everybodyIsToldThatTheNodeStops() throws Exception {
        List<Connection> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            others.add(fixture.connect());
        }
        others.add(connection);
        fixture.close();
        for (Connection told : others) {
            assertThat(told.isOpen()).isFalse();
            assertThat(reply(told.getCloseReason()))
                    .isEqualTo(
                            "320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'");
        }
    }

    @Test
    void aTagThatIsNotOutIsUnknown() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        channel.basicPublish("", "q", null, new byte[1]);
        long tag = channel.basicGet("q", false).getEnvelope().getDeliveryTag();
        channel.basicAck(tag, false);
        channel.basicAck(tag, false);
        assertThat(reasonOf(channel)).isEqualTo("406 PRECONDITION_FAILED - unknown delivery tag 1");
        channel = connection.createChannel();
        channel.basicAck(7, true);
        assertThat(reasonOf(channel)).isEqualTo("406 PRECONDITION_FAILED - unknown delivery tag 7");
    }

    @Test
    void whatIsNotImplementedClosesTheConnection() throws Exception {
        closesConnection(
                () -> channel.basicQos(1, 0, false), "540 NOT_IMPLEMENTED - prefetch_size!=0 (1)");
        closesConnection(() -> channel.basicRecover(false), "540 NOT_IMPLEMENTED - requeue=false");
        channel.basicPublish("", "q", false, true, null, new byte[0]);
        assertThat(reasonOf(channel)).isEqualTo("540 NOT_IMPLEMENTED - immediate=true");
    }

    @Test
    void modesAndTagsThatExcludeEachOtherAreRefused() throws Exception {
        channel.confirmSelect();
        closesChannel(
                () -> channel.txSelect(),
                "406 PRECONDITION_FAILED - cannot switch from confirm to tx mode");
        channel.txSelect();
        closesChannel(
                () -> channel.confirmSelect(),
                "406 PRECONDITION_FAILED - cannot switch from tx to confirm mode");
        closesChannel(
                () -> channel.txCommit(), "406 PRECONDITION_FAILED - channel is not transactional");
        channel.queueDeclare("q", true, false, false, null);
        channel.basicConsume("q", false, "tag", false, true, null, (t, d) -> {}, t -> {});
        Channel second = connection.createChannel();
        assertThatThrownBy(() -> second.basicConsume("q", (t, d) -> {}, t -> {}))
                .satisfies(
                        thrown ->
                                assertThat(reply(thrown))
                                        .isEqualTo(
                                                "403 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use"));
        closesConnection(
                () -> channel.basicConsume("q", false, "tag", (t, d) -> {}, t -> {}),
                "530 NOT_ALLOWED - attempt to reuse consumer tag 'tag'");
    }

    @Test
    void aTransactionThatIsTooLargeClosesItsChannel() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        channel.txSelect();
        byte[] body = new byte[AmqpFixture.MESSAGE_MAX_BYTES];
        int most = AmqpFixture.TRANSACTION_MAX_BYTES / body.length;
        for (int i = 0; i < most; i++) {
            channel.basicPublish("", "q", null, body);
        }
        channel.basicPublish("", "q", null, body);
        assertThat(reasonOf(channel))
                .isEqualTo(
                        "406 PRECONDITION_FAILED - a transaction has more than 65536 messages or 4194304 bytes");
        channel = connection.createChannel();
        assertThat(channel.queueDeclarePassive("q").getMessageCount()).isZero();
    }

    @Test
    void headersCountInATransaction() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        channel.txSelect();
        var headers =
                new AMQP.BasicProperties.Builder()
                        .headers(Map.of("h", "x".repeat(100_000)))
                        .build();
        for (int i = 0; i <= 1 + AmqpFixture.TRANSACTION_MAX_BYTES / 100_000; i++) {
            channel.basicPublish("", "q", headers, new byte[0]);
        }
        assertThat(reasonOf(channel)).contains("a transaction has more than");
    }

    @Test
    void propertiesThatLieAreRefused() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        channel.basicPublish(
                "", "q", new AMQP.BasicProperties.Builder().userId("boss").build(), new byte[0]);
        assertThat(reasonOf(channel))
                .isEqualTo(
                        "406 PRECONDITION_FAILED - user_id property set to 'boss' but authenticated user was 'guest'");
        channel = connection.createChannel();
        channel.basicPublish(
                "", "q", new AMQP.BasicProperties.Builder().expiration("-1").build(), new byte[0]);
        assertThat(reasonOf(channel)).startsWith("406 PRECONDITION_FAILED - invalid expiration");
    }

    @Test
    void aWrongVhostOrLoginIsRefused() throws Exception {
        var factory = fixture.factory();
        factory.setVirtualHost("none");
        assertThatThrownBy(factory::newConnection)
                .satisfies(
                        thrown ->
                                assertThat(reply(thrown))
                                        .isEqualTo("530 NOT_ALLOWED - vhost none not found"));
        var wrong = fixture.factory();
        wrong.setPassword("wrong");
        assertThatThrownBy(wrong::newConnection)
                .isInstanceOf(AuthenticationFailureException.class)
                .hasMessageContaining("ACCESS_REFUSED - Login was refused");
    }

    @Test
    void aMethodThatCouldSeePublishesWaitsForThem() throws Exception {
        channel.queueDeclare("q", true, false, false, null);
        messaging.holdPublishes();
        channel.basicPublish("", "q", null, new byte[1]);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> messaging.heldPublishes() == 1);
        var answer =
                java.util.concurrent.CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return channel.messageCount("q");
                            } catch (java.io.IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        // Another channel does not wait.
        try (Channel other = connection.createChannel()) {
            assertThat(other.messageCount("q")).isZero();
        }
        assertThat(answer).isNotDone();
        messaging.letPublishesGo();
        assertThat(answer.get(60, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void anOperatorClosesAConnection() throws Exception {
        var client = messaging.clients().connections().iterator().next();
        assertThat(client.info().user()).isEqualTo("guest");
        assertThat(client.info().name()).contains(" -> 127.0.0.1:" + fixture.head.port());
        assertThat(client.channels()).hasSize(1);
        client.close("enough");
        assertThat(reasonOf(channel)).isEqualTo("320 CONNECTION_FORCED - enough");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> messaging.clients().connections().isEmpty());
    }
}
