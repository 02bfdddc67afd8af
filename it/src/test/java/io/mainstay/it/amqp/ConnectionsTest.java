package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What both sides agree on before the first channel.
@AmqpTest
class ConnectionsTest {

    @Test
    void theServerSaysWhatItCan(Amqp amqp) throws Exception {
        Map<String, Object> properties = amqp.connect().getServerProperties();
        assertThat(properties)
                .containsKeys("product", "version", "platform", "capabilities", "cluster_name");
        @SuppressWarnings("unchecked")
        Map<String, Object> capabilities = (Map<String, Object>) properties.get("capabilities");
        assertThat(capabilities)
                .containsEntry("publisher_confirms", true)
                .containsEntry("exchange_exchange_bindings", true)
                .containsEntry("basic.nack", true)
                .containsEntry("consumer_cancel_notify", true)
                .containsEntry("connection.blocked", true)
                .containsEntry("consumer_priorities", true)
                .containsEntry("authentication_failure_close", true)
                .containsEntry("per_consumer_qos", true)
                .containsEntry("direct_reply_to", true);
    }

    @Test
    void limitsAreTheLowerOfBothSides(Broker broker) throws Exception {
        try (Connection asked = broker.factory().newConnection()) {
            assertThat(asked.getChannelMax()).isEqualTo(2_047);
            assertThat(asked.getFrameMax()).isEqualTo(131_072);
            assertThat(asked.getHeartbeat()).isEqualTo(60);
        }
        ConnectionFactory factory = broker.factory();
        factory.setRequestedChannelMax(10);
        factory.setRequestedFrameMax(16_384);
        factory.setRequestedHeartbeat(7);
        try (Connection connection = factory.newConnection()) {
            assertThat(connection.getChannelMax()).isEqualTo(10);
            assertThat(connection.getFrameMax()).isEqualTo(16_384);
            assertThat(connection.getHeartbeat()).isEqualTo(7);
        }
    }

    @Test
    void manyChannelsShareAConnection(Amqp amqp) throws Exception {
        Connection connection = amqp.connect();
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            channels.add(connection.createChannel());
        }
        String queue = amqp.queue(channels.getFirst());
        for (Channel channel : channels) {
            Amqp.send(channel, queue, "m" + channel.getChannelNumber());
        }
        Amqp.awaitReady(channels.getFirst(), queue, channels.size());
    }

    @Test
    void smallFramesCarryLargeMessages(Amqp amqp, Broker broker) throws Exception {
        ConnectionFactory factory = broker.factory();
        factory.setRequestedFrameMax(8_192);
        try (Connection connection = factory.newConnection()) {
            Channel channel = connection.createChannel();
            String queue = amqp.queue(channel);
            byte[] body = new byte[100_000];
            new java.util.Random(1).nextBytes(body);
            channel.basicPublish("", queue, null, body);
            assertThat(Amqp.take(channel, queue).getBody()).isEqualTo(body);
        }
    }

    /// All that comes until the broker ends the connection, politely or not.
    private static byte[] restOf(Socket socket) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                rest.write(b);
            }
        } catch (SocketException reset) {
            // What we sent and it did not read makes the close a reset.
        }
        return rest.toByteArray();
    }

    @Test
    void thePlainMechanismMayBeAskedFor(Broker broker) throws Exception {
        ConnectionFactory factory = broker.factory();
        factory.setSaslConfig(DefaultSaslConfig.PLAIN);
        try (Connection connection = factory.newConnection()) {
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void anotherProtocolIsAnsweredWithOurs(Broker broker) throws Exception {
        for (byte[] header :
                List.of(
                        new byte[] {'A', 'M', 'Q', 'P', 9, 9, 9, 9},
                        new byte[] {'M', 'Q', 'T', 'T', 0, 0, 9, 1})) {
            try (Socket socket = new Socket(broker.host(), broker.port())) {
                socket.setSoTimeout((int) Amqp.SOON.toMillis());
                OutputStream out = socket.getOutputStream();
                out.write(header);
                out.flush();
                byte[] answer = new byte[8];
                new DataInputStream(socket.getInputStream()).readFully(answer);
                assertThat(answer).isEqualTo(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
                assertThat(restOf(socket)).isEmpty();
            }
        }
    }

    @Test
    void aClientThatIsSilentIsDisconnectedAndHeartbeatsKeepAQuietOne(Broker broker)
            throws Exception {
        ConnectionFactory factory = broker.factory();
        factory.setRequestedHeartbeat(3);
        try (Connection quiet = factory.newConnection();
                Socket silent = new Socket(broker.host(), broker.port())) {
            // It says nothing but the header: the handshake has a time limit, of several intervals.
            silent.setSoTimeout((int) Amqp.SOON.toMillis());
            silent.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
            assertThat(restOf(silent)).as("what the broker began with").isNotEmpty();
            assertThat(quiet.isOpen()).isTrue();
            assertThat(quiet.createChannel().queueDeclare().getQueue()).isNotEmpty();
        }
    }
}
