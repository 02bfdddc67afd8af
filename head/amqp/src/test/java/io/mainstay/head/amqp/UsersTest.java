package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.access.api.Role;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.PutPermission;
import io.mainstay.messaging.api.TopologyChange.PutUserLimit;
import io.mainstay.messaging.api.TopologyChange.PutVhostLimit;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.topology.command.TopologyCommand;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Who comes in where there are users, and what they may do; and publishers that must wait.
class UsersTest {

    private FakeMessaging messaging;
    private Alarm alarm;
    private TwoUsers users;
    private AmqpFixture fixture;

    @BeforeEach
    void start() throws Exception {
        messaging = new FakeMessaging();
        alarm = new Alarm();
        users = new TwoUsers();
        fixture = new AmqpFixture(messaging, users, alarm, null);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private Connection connect(String user, String password) throws Exception {
        ConnectionFactory factory = fixture.factory();
        factory.setUsername(user);
        factory.setPassword(password);
        return factory.newConnection();
    }

    /// The client tells a refusal as the cause of what a call throws; a channel that was closed
    /// before the call began throws it without a cause.
    private static void refused(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call)
                .satisfies(
                        thrown ->
                                assertThat(
                                                thrown.getCause() == null
                                                        ? thrown.getMessage()
                                                        : thrown.getCause().getMessage())
                                        .contains(sentence));
    }

    @Test
    void aUserMayWhatItsPermissionsSay() throws Exception {
        refused(
                () -> connect("app", "secret"),
                "NOT_ALLOWED - access to vhost '/' refused for user 'app'");
        messaging.apply(
                new TopologyCommand.Make(
                        new PutPermission("app", "/", "^app-.*", "^app-.*", "^read-.*")));
        try (Connection connection = connect("app", "secret")) {
            Channel own = connection.createChannel();
            own.queueDeclare("app-q", true, false, false, null);
            refused(
                    () -> own.queueDeclare("other", true, false, false, null),
                    "ACCESS_REFUSED - configure access to queue 'other' in vhost '/' refused for user 'app'");
            Channel reader = connection.createChannel();
            refused(
                    () -> reader.basicGet("app-q", true),
                    "ACCESS_REFUSED - read access to queue 'app-q' in vhost '/' refused for user 'app'");
            Channel binder = connection.createChannel();
            refused(
                    () -> binder.queueBind("app-q", "amq.direct", "k"),
                    "ACCESS_REFUSED - read access to exchange 'amq.direct'");
            Channel publisher = connection.createChannel();
            publisher.basicPublish("", "app-q", null, new byte[0]);
            refused(() -> publisher.queueDeclarePassive("app-q"), "exchange 'amq.default'");
        }
    }

    @Test
    void anAdminWithoutPermissionsMayEverything() throws Exception {
        try (Connection connection = connect("root", "secret")) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, null);
            channel.basicPublish("", "q", null, new byte[3]);
            assertThat(channel.basicGet("q", true).getBody()).hasSize(3);
        }
    }

    @Test
    void guestIsAUserAsAnyOtherWhereThereAreUsers() {
        assertThatThrownBy(() -> connect("guest", "guest"))
                .isInstanceOf(AuthenticationFailureException.class);
        assertThatThrownBy(() -> connect("root", "wrong"))
                .isInstanceOf(AuthenticationFailureException.class);
    }

    @Test
    void aRoleThatIsTakenAwayCountsAtOnce() throws Exception {
        try (Connection connection = connect("root", "secret")) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, null);
            users.change(new Principal("root", Role.CLIENT));
            refused(
                    () -> channel.queueDeclare("r", true, false, false, null),
                    "ACCESS_REFUSED - configure access to queue 'r' in vhost '/' refused for user 'root'");
        }
    }

    @Test
    void whoIsRemovedWhileItComesInGoesAgain() {
        messaging.apply(new TopologyCommand.Make(new PutPermission("root", "/", ".*", "", "")));
        users.change(null);
        refused(() -> connect("root", "secret"), "refused for user 'root'");
    }

    @Test
    void onlyAnImpersonatorPublishesInTheNameOfOthers() throws Exception {
        BasicProperties other = new BasicProperties.Builder().userId("somebody").build();
        try (Connection connection = connect("root", "secret")) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, null);
            channel.basicPublish("", "q", other, new byte[0]);
            refused(
                    () -> channel.queueDeclarePassive("q"),
                    "PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was 'root'");
            users.change(
                    new Principal(
                            "root",
                            Role.ADMIN,
                            List.of(),
                            List.of("administrator", "impersonator")));
            Channel impersonating = connection.createChannel();
            impersonating.basicPublish("", "q", other, new byte[0]);
            assertThat(impersonating.basicGet("q", true).getProps().getUserId())
                    .isEqualTo("somebody");
        }
    }

    @Test
    void thereAreNoMoreConnectionsThanTheLimitsSay() throws Exception {
        make(new PutVhostLimit("/", VhostLimit.MAX_CONNECTIONS, 1));
        try (Connection first = connect("root", "secret")) {
            refused(
                    () -> connect("root", "secret"),
                    "NOT_ALLOWED - access to vhost '/' refused for user 'root': connection limit (1) is reached");
            make(new PutVhostLimit("/", VhostLimit.MAX_CONNECTIONS, -1));
            make(new PutUserLimit("root", UserLimit.MAX_CONNECTIONS, 2));
            try (Connection second = connect("root", "secret")) {
                refused(
                        () -> connect("root", "secret"),
                        "NOT_ALLOWED - connection refused for user 'root': user connection limit (2) is reached");
            }
            connect("root", "secret").close();
            assertThat(first.isOpen()).isTrue();
        }
        make(new PutUserLimit("root", UserLimit.MAX_CONNECTIONS, 0));
        refused(() -> connect("root", "secret"), "user connection limit (0) is reached");
    }

    @Test
    void theNodeTakesNoMoreConnectionsThanItsSettingSays() throws Exception {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < AmqpFixture.MAX_CONNECTIONS; i++) {
            all.add(connect("root", "secret"));
        }
        refused(
                () -> connect("root", "secret"),
                "NOT_ALLOWED - connection refused: node connection limit (20) is reached");
        for (Connection connection : all) {
            connection.close();
        }
        connect("root", "secret").close();
    }

    @Test
    void aUserOpensNoMoreChannelsThanItsLimit() throws Exception {
        make(new PutUserLimit("root", UserLimit.MAX_CHANNELS, 3));
        // It is closed by the broker.
        Connection other = connect("root", "secret");
        try (Connection one = connect("root", "secret")) {
            Channel a = one.createChannel();
            Channel b = one.createChannel();
            assertThatThrownBy(() -> b.queueDeclarePassive("nothing"))
                    .as("one that the broker closes makes room")
                    .hasMessageNotContaining("limit");
            Channel c = one.createChannel();
            other.createChannel();
            a.close();
            other.createChannel();
            refused(
                    other::createChannel,
                    "NOT_ALLOWED - number of channels opened for user 'root' has reached the maximum allowed user limit of (3)");
            assertThat(other.isOpen()).isFalse();
            assertThat(c.isOpen()).isTrue();
            one.createChannel();
            one.createChannel();
        }
    }

    private void make(TopologyChange change) {
        assertThat(messaging.apply(new TopologyCommand.Make(change)))
                .isInstanceOf(TopologyOutcome.Done.class);
    }

    @Test
    void publishersAreBlockedWhileTheAlarmRings() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (Connection connection = connect("root", "secret");
                Connection consumer = connect("root", "secret")) {
            connection.addBlockedListener(
                    new BlockedListener() {
                        @Override
                        public void handleBlocked(String reason) {
                            events.add(reason);
                        }

                        @Override
                        public void handleUnblocked() {
                            events.add("go on");
                        }
                    });
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, null);
            alarm.ring(true);
            channel.basicPublish("", "q", null, new byte[3]);
            assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("low on disk");
            // Who does not publish is not touched, and the message is in no queue: it would be
            // refused there.
            assertThat(consumer.createChannel().queueDeclarePassive("q").getMessageCount())
                    .isZero();
            alarm.ring(false);
            assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("go on");
            assertThat(channel.queueDeclarePassive("q").getMessageCount()).isEqualTo(1);
        }
    }

    /// It may be the one whose acknowledgements end the alarm.
    @Test
    void whoPublishedEarlierIsBlockedWithItsNextPublish() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (Connection connection = connect("root", "secret");
                Connection other = connect("root", "secret")) {
            connection.addBlockedListener(events::add, () -> events.add("go on"));
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, null);
            channel.basicPublish("", "q", null, new byte[] {1});
            assertThat(channel.queueDeclarePassive("q").getMessageCount()).isEqualTo(1);
            alarm.ring(true);
            assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("low on disk");
            assertThat(channel.basicGet("q", true)).isNotNull();
            channel.basicPublish("", "q", null, new byte[] {2});
            channel.basicPublish("", "q", null, new byte[] {3});
            Channel looking = other.createChannel();
            // Its answer comes when the connection was read no more.
            assertThat(looking.basicGet("q", true)).isNull();
            alarm.ring(false);
            assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("go on");
            assertThat(channel.basicGet("q", true).getBody()).containsExactly(2);
            assertThat(channel.basicGet("q", true).getBody()).containsExactly(3);
            assertThat(events).isEmpty();
        }
    }

    private static final class Alarm implements PublishAlarm {
        private volatile boolean blocked;
        private volatile Runnable changed = () -> {};

        void ring(boolean rings) {
            blocked = rings;
            changed.run();
        }

        @Override
        public boolean blocked() {
            return blocked;
        }

        @Override
        public String reason() {
            return "low on disk";
        }

        @Override
        public void listen(Runnable listener) {
            changed = listener;
        }
    }

    /// `app`, a SERVICE, and `root`, an ADMIN, whose password must be hashed first.
    private static final class TwoUsers implements Authenticator {

        private volatile long revision;
        private volatile Principal changed;

        /// `null`: removed.
        void change(Principal user) {
            changed = user;
            revision++;
        }

        @Override
        public boolean required() {
            return true;
        }

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public Principal now(Principal entered) {
            return revision == 0 ? entered : changed;
        }

        @Override
        public Verdict known(Credentials credentials) {
            return credentials instanceof Credentials.Basic(String user, String password)
                            && user.equals("root")
                    ? new Verdict.Unsure()
                    : verdict(credentials);
        }

        @Override
        public void check(Credentials credentials, Consumer<Verdict> done) {
            Thread.ofVirtual().start(() -> done.accept(verdict(credentials)));
        }

        private static Verdict verdict(Credentials credentials) {
            return switch (credentials) {
                case Credentials.Basic(String user, String password)
                        when password.equals("secret") ->
                        new Verdict.Granted(
                                new Principal(
                                        user, user.equals("root") ? Role.ADMIN : Role.SERVICE));
                default -> new Verdict.Denied();
            };
        }
    }
}
