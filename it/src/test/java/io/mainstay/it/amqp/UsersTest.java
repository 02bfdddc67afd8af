package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeoutException;

/// Users and virtual hosts that change while their clients are connected, and their limits. One node for all tests, in which `guest` is a user of many.
class UsersTest {

    private static final String ALL = "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}";

    private static NodeProcess node;

    @BeforeAll
    static void start(@TempDir Path folder) {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's users");
        node = NodeProcess.start(folder.resolve("node"));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @BeforeEach
    void ann() throws Exception {
        call("DELETE", "/api/vhosts/shop", "");
        call("DELETE", "/api/users/ann", "");
        user("");
        call("PUT", "/api/vhosts/shop", "{}");
        call("PUT", "/api/permissions/shop/ann", ALL);
        call("PUT", "/api/permissions/%2F/ann", ALL);
    }

    private static void user(String tags) throws Exception {
        call("PUT", "/api/users/ann", "{\"password\":\"secret\",\"tags\":\"" + tags + "\"}");
    }

    private static void call(String method, String path, String json) throws Exception {
        String guest =
                Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
        Http.Answer answer =
                Http.call(
                        method,
                        "http://127.0.0.1:" + node.managementPort() + path,
                        json,
                        "application/json",
                        "Authorization",
                        "Basic " + guest);
        assertThat(answer.status()).as(method + " " + path + answer.body()).isIn(201, 204, 404);
    }

    private static Connection connect(String password, String vhost)
            throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(node.amqpPort());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setUsername("ann");
        factory.setPassword(password);
        factory.setVirtualHost(vhost);
        return factory.newConnection();
    }

    private static void awaitClosed(Connection connection, String sentence) {
        Conditions.await("the connection to be closed", Amqp.SOON, () -> !connection.isOpen());
        ShutdownSignalException reason = connection.getCloseReason();
        assertThat(reason.getMessage()).contains("reply-code=320").contains(sentence);
    }

    @Test
    void aUserWhoIsRemovedIsDisconnected() throws Exception {
        Connection connection = connect("secret", "/");
        call("DELETE", "/api/users/ann", "");
        awaitClosed(connection, "CONNECTION_FORCED - user 'ann' is deleted");
        assertThatThrownBy(() -> connect("secret", "/"))
                .isInstanceOf(AuthenticationFailureException.class);
    }

    @Test
    void whoeverIsInAVirtualHostThatIsDeletedIsDisconnected() throws Exception {
        Connection inside = connect("secret", "shop");
        try (Connection elsewhere = connect("secret", "/")) {
            call("DELETE", "/api/vhosts/shop", "");
            awaitClosed(inside, "CONNECTION_FORCED - vhost 'shop' is deleted");
            assertThat(elsewhere.isOpen()).isTrue();
        }
    }

    @Test
    void aNewPasswordCountsFromTheNextLoginOn() throws Exception {
        // It is closed by the broker.
        Connection connection = connect("secret", "/");
        call("PUT", "/api/users/ann", "{\"password\":\"other\",\"tags\":\"\"}");
        connection.createChannel().queueDeclare();
        connection.updateSecret("other", "it was changed");
        assertThat(connection.isOpen()).isTrue();
        assertThatThrownBy(() -> connect("secret", "/"))
                .isInstanceOf(AuthenticationFailureException.class)
                .hasMessageContaining(
                        "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN");
        connect("other", "/").close();
        assertThatThrownBy(() -> connection.updateSecret("wrong", "it was not"))
                .hasStackTraceContaining(
                        "NOT_ALLOWED - New secret was refused by one of the backends");
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void limitsOfVirtualHostAndUserHoldAtOnce() throws Exception {
        call("PUT", "/api/vhost-limits/shop/max-connections", "{\"value\":1}");
        call("PUT", "/api/vhost-limits/shop/max-queues", "{\"value\":1}");
        call("PUT", "/api/user-limits/ann/max-connections", "{\"value\":2}");
        call("PUT", "/api/user-limits/ann/max-channels", "{\"value\":2}");
        // It is closed by the broker.
        Connection inRoot = connect("secret", "/");
        try (Connection inShop = connect("secret", "shop")) {
            assertThatThrownBy(() -> connect("secret", "shop"))
                    .hasStackTraceContaining(
                            "access to vhost 'shop' refused for user 'ann': connection limit (1) is reached");
            assertThatThrownBy(() -> connect("secret", "/"))
                    .hasStackTraceContaining(
                            "connection refused for user 'ann': user connection limit (2) is reached");
            Channel channel = inShop.createChannel();
            channel.queueDeclare("one", true, false, false, null);
            ClosedBy.verify(
                    ClosedBy.channel(
                            406,
                            "cannot declare queue 'two': queue limit in vhost 'shop' (1) is reached"),
                    channel,
                    () -> channel.queueDeclare("two", true, false, false, null));
            inRoot.createChannel();
            inShop.createChannel();
            assertThatThrownBy(inRoot::createChannel)
                    .hasStackTraceContaining(
                            "number of channels opened for user 'ann' has reached the maximum allowed user limit of (2)");
        }
    }

    @Test
    void anImpersonatorPublishesInTheNameOfOthers() throws Exception {
        BasicProperties bob = new BasicProperties.Builder().userId("bob").build();
        try (Connection connection = connect("secret", "/")) {
            Channel honest = connection.createChannel();
            String queue = honest.queueDeclare().getQueue();
            ClosedBy.verify(
                    ClosedBy.channel(
                            406, "user_id property set to 'bob' but authenticated user was 'ann'"),
                    honest,
                    () -> {
                        honest.basicPublish("", queue, bob, new byte[0]);
                        honest.queueDeclarePassive(queue);
                    });
            user("impersonator");
            Channel impersonator = connection.createChannel();
            impersonator.basicPublish("", queue, bob, new byte[0]);
            assertThat(Amqp.take(impersonator, queue).getProps().getUserId()).isEqualTo("bob");
        }
    }
}
