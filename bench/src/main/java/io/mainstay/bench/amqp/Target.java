package io.mainstay.bench.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// A broker under measurement with one type of its queues.
final class Target {

    /// The name of [NullBroker].
    static final String FLOOR = "null broker";

    private final String name;
    private final Server server;
    private final String queueType;

    /// @param queueType as `x-queue-type` says it
    Target(String name, Server server, String queueType) {
        this.name = name;
        this.server = server;
        this.queueType = queueType;
    }

    String name() {
        return name;
    }

    Server server() {
        return server;
    }

    String queueType() {
        return queueType;
    }

    String uri() {
        return "amqp://guest:guest@127.0.0.1:" + server.port() + "/%2f";
    }

    /// Deletes what a load left behind, so that the next one begins with empty queues.
    void clean(List<String> queues) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(server.port());
        // To delete a long queue takes some brokers a while.
        factory.setChannelRpcTimeout(300_000);
        try (Connection connection = factory.newConnection()) {
            Channel channel = connection.createChannel();
            for (String queue : queues) {
                channel.queueDelete(queue);
            }
            channel.close();
        }
    }
}
