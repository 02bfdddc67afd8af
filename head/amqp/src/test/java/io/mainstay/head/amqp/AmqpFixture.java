package io.mainstay.head.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.head.web.Authenticator;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.platform.real.RealPlatform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

/// The AMQP head on a free port of loopback, over [FakeMessaging] or another messaging.
final class AmqpFixture implements AutoCloseable {

    static final int MESSAGE_MAX_BYTES = 1 << 20;

    static final int MAX_CONNECTIONS = 20;

    static final int TRANSACTION_MAX_BYTES = 4 << 20;

    final Messaging messaging;
    final AmqpHead head;

    AmqpFixture(Messaging messaging) throws IOException {
        this(messaging, Authenticator.open(), PublishAlarm.never(), null);
    }

    AmqpFixture(
            Messaging messaging,
            Authenticator authenticator,
            PublishAlarm alarm,
            AmqpHeadConfig.Tls tls)
            throws IOException {
        this.messaging = messaging;
        this.head =
                AmqpHead.start(
                        new AmqpHeadConfig(
                                "127.0.0.1",
                                0,
                                tls,
                                MESSAGE_MAX_BYTES,
                                MAX_CONNECTIONS,
                                AmqpHeadConfig.CHANNEL_MAX,
                                TRANSACTION_MAX_BYTES,
                                AmqpHeadConfig.LOOPBACK_USERS,
                                "test"),
                        messaging,
                        authenticator,
                        RealPlatform.at(Path.of("target", "unused")),
                        alarm);
    }

    ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(head.port());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setChannelRpcTimeout(10_000);
        factory.setConnectionTimeout(10_000);
        return factory;
    }

    Connection connect() throws IOException, TimeoutException {
        return factory().newConnection();
    }

    @Override
    public void close() {
        head.close();
    }
}
