package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.RpcClient;
import com.rabbitmq.client.RpcClientParams;
import com.rabbitmq.client.RpcServer;

import org.junit.jupiter.api.Test;

import java.util.Map;

/// Requests whose answers come without a queue.
@AmqpTest
class DirectReplyToTest {
    private static final String REPLY_TO = "amq.rabbitmq.reply-to";

    private static BasicProperties request() {
        return new BasicProperties.Builder().replyTo(REPLY_TO).correlationId("1").build();
    }

    @Test
    void anAnswerComesToTheConsumerOfTheAsker(Amqp amqp) throws Exception {
        Channel asker = amqp.channel();
        Channel server = amqp.channel();
        String queue = amqp.queue(server);
        Inbox answers = Inbox.on(asker, REPLY_TO, true, Map.of());
        asker.basicPublish("", queue, request(), Amqp.bytes("question"));

        BasicProperties got = Amqp.take(server, queue).getProps();
        assertThat(got.getReplyTo()).startsWith(REPLY_TO + ".");
        server.queueDeclarePassive(got.getReplyTo());
        server.basicPublish(
                "",
                got.getReplyTo(),
                new BasicProperties.Builder().correlationId(got.getCorrelationId()).build(),
                Amqp.bytes("answer"));
        Delivery answer = answers.next();
        assertThat(Amqp.text(answer.getBody())).isEqualTo("answer");
        assertThat(answer.getProperties().getCorrelationId()).isEqualTo("1");
    }

    @Test
    void theClientsOwnRpcUsesIt(Amqp amqp) throws Exception {
        Channel serverChannel = amqp.channel();
        String queue = amqp.queue(serverChannel);
        RpcServer server =
                new RpcServer(serverChannel, queue) {
                    @Override
                    public byte[] handleCall(byte[] body, BasicProperties reply) {
                        return Amqp.bytes(Amqp.text(body).toUpperCase(java.util.Locale.ROOT));
                    }
                };
        Thread loop =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        server.mainloop();
                                    } catch (java.io.IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                });
        RpcClientParams parameters =
                new RpcClientParams()
                        .channel(amqp.channel())
                        .exchange("")
                        .routingKey(queue)
                        .timeout((int) Amqp.SOON.toMillis());
        RpcClient client = new RpcClient(parameters);
        for (int i = 0; i < 100; i++) {
            assertThat(client.stringCall("call " + i)).isEqualTo("CALL " + i);
        }
        client.close();
        server.terminateMainloop();
        // It would wait for the next request.
        loop.interrupt();
        assertThat(loop.join(Amqp.SOON)).as("the server ended").isTrue();
    }

    @Test
    void anAnswerToNobodyIsUnroutable(Amqp amqp) throws Exception {
        Channel asker = amqp.channel();
        Channel server = amqp.channel();
        String queue = amqp.queue(server);
        Inbox.on(asker, REPLY_TO, true, Map.of());
        asker.basicPublish("", queue, request(), Amqp.bytes("question"));
        String replyTo = Amqp.take(server, queue).getProps().getReplyTo();
        asker.close();
        ClosedBy.verify(
                ClosedBy.channel(404, "no queue '" + replyTo + "'"),
                server,
                () -> server.queueDeclarePassive(replyTo));
    }

    @Test
    void askingWithoutAConsumerIsRefused(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        String queue = amqp.queue(channel);
        ClosedBy.verify(
                ClosedBy.channel(406, "fast reply consumer does not exist"),
                channel,
                () -> channel.basicPublish("", queue, request(), new byte[0]));
    }

    @Test
    void theConsumerMustNotAcknowledge(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        ClosedBy.verify(
                ClosedBy.channel(406, "reply consumer cannot acknowledge"),
                channel,
                () -> Inbox.on(channel, REPLY_TO));
    }

    @Test
    void oneConsumerForAChannel(Amqp amqp) throws Exception {
        Channel channel = amqp.channel();
        Inbox.on(channel, REPLY_TO, true, Map.of());
        ClosedBy.verify(
                ClosedBy.channel(406, "reply consumer already set"),
                channel,
                () -> Inbox.on(channel, REPLY_TO, true, Map.of()));
    }
}
