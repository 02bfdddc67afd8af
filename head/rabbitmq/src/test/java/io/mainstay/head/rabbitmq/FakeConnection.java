package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.Clients.ConnectionInfo;
import io.mainstay.messaging.api.Clients.ConsumerInfo;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A connection as a head would show it, with a channel and a consumer.
final class FakeConnection implements ClientConnection {

    private final String user;
    private final int port;
    volatile @Nullable String closedBecause;

    FakeConnection(String user, int port) {
        this.user = user;
        this.port = port;
    }

    @Override
    public String id() {
        return "c" + port;
    }

    String name() {
        return "127.0.0.1:" + port + " -> 127.0.0.1:5672";
    }

    @Override
    public ConnectionInfo info() {
        return new ConnectionInfo(
                name(),
                user,
                "/",
                "AMQP 0-9-1",
                "PLAIN",
                false,
                "127.0.0.1",
                port,
                "127.0.0.1",
                5672,
                2047,
                131_072,
                60,
                1_000,
                "running",
                FieldTable.EMPTY
                        .with("product", "test")
                        .with("capabilities", FieldTable.EMPTY.with("basic.nack", true)),
                10,
                20);
    }

    @Override
    public List<ChannelInfo> channels() {
        return List.of(
                new ChannelInfo(
                        name() + " (1)",
                        1,
                        "running",
                        true,
                        false,
                        10,
                        0,
                        3,
                        2,
                        100,
                        90,
                        80,
                        List.of(
                                new ConsumerInfo(
                                        "tag",
                                        "q1",
                                        false,
                                        false,
                                        10,
                                        true,
                                        -1,
                                        FieldTable.EMPTY))));
    }

    @Override
    public void close(String reason) {
        closedBecause = reason;
    }

    @Override
    public void closeChannel(int number, String reason) {
        throw new UnsupportedOperationException("RabbitMQ's API closes no channels");
    }
}
