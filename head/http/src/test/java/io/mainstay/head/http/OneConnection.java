package io.mainstay.head.http;

import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.Clients.ConnectionInfo;
import io.mainstay.messaging.api.Clients.ConsumerInfo;
import io.mainstay.messaging.message.FieldTable;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A connection as a head would show it, with one channel and one consumer.
final class OneConnection implements ClientConnection {

    private static final String NAME = "127.0.0.1:40000 -> 127.0.0.1:5672";

    /// What was asked to be closed: the number of a channel, and why.
    final List<String> closed = new CopyOnWriteArrayList<>();

    @Override
    public String id() {
        return "n.1";
    }

    @Override
    public ConnectionInfo info() {
        return new ConnectionInfo(
                NAME,
                "ann",
                "/",
                "AMQP 0-9-1",
                "PLAIN",
                false,
                "127.0.0.1",
                40_000,
                "127.0.0.1",
                5672,
                2047,
                131_072,
                60,
                1_000,
                "running",
                FieldTable.EMPTY.with("product", "cart <b>1</b>"),
                10,
                20);
    }

    @Override
    public List<ChannelInfo> channels() {
        ConsumerInfo consumer =
                new ConsumerInfo("tag", "q", false, false, 10, true, -1, FieldTable.EMPTY);
        return List.of(
                new ChannelInfo(
                        NAME + " (7)",
                        7,
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
                        List.of(consumer)));
    }

    @Override
    public void close(String reason) {
        closed.add(reason);
    }

    @Override
    public void closeChannel(int number, String reason) {
        closed.add(number + " " + reason);
    }
}
