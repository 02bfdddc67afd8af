package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;

import io.mainstay.testkit.Conditions;

import org.junit.jupiter.api.Test;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.Semaphore;

import javax.net.SocketFactory;

/// A client that does not read what it asked for, and one that is cut off.
@AmqpTest
class SlowClientTest {
    private static final int MESSAGES = 600;
    private static final int BYTES = 64 << 10;

    /// Most that may be on the way to a client that does not read: the node's own bound and the sockets' buffers, with room.
    private static final int ON_THE_WAY = 400;

    @Test
    void whoDoesNotReadHoldsBackNobodyElseAndGetsEverythingLater(Amqp amqp) throws Exception {
        Channel publisher = amqp.confirming();
        String slow = amqp.queue(publisher);
        String other = amqp.queue(publisher);
        Gate gate = new Gate();
        ConnectionFactory factory = amqp.broker().factory();
        factory.setRequestedHeartbeat(0);
        factory.setSocketFactory(gate);
        try (Connection connection = factory.newConnection()) {
            Channel reader = connection.createChannel();
            Inbox inbox = Inbox.on(reader, slow, true, Map.of());
            gate.shut();
            byte[] body = new byte[BYTES];
            for (int i = 0; i < MESSAGES; i++) {
                body[0] = (byte) i;
                body[1] = (byte) (i >> 8);
                publisher.basicPublish(
                        "", slow, MessageProperties.MINIMAL_PERSISTENT_BASIC, body.clone());
            }
            publisher.waitForConfirmsOrDie(Amqp.SOON.toMillis());

            Inbox others = Inbox.on(amqp.channel(), other, true, Map.of());
            for (int i = 0; i < 100; i++) {
                Amqp.store(publisher, other, "m" + i);
                assertThat(others.nextText()).isEqualTo("m" + i);
            }
            assertThat(publisher.queueDeclarePassive(slow).getMessageCount())
                    .as("not sent to one who does not read")
                    .isGreaterThan(MESSAGES - ON_THE_WAY);

            gate.open();
            for (int i = 0; i < MESSAGES; i++) {
                byte[] got = inbox.next().getBody();
                assertThat(got).hasSize(BYTES);
                assertThat((got[0] & 0xff) | (got[1] & 0xff) << 8).isEqualTo(i);
            }
        }
    }

    @Test
    void whatACutOffConsumerHadInHandComesBackInOrderAndSaysSo(Amqp amqp) throws Exception {
        Channel publisher = amqp.confirming();
        String queue = amqp.queue(publisher);
        Amqp.store(publisher, queue, "a", "b", "c", "d");
        Gate gate = new Gate();
        ConnectionFactory factory = amqp.broker().factory();
        factory.setSocketFactory(gate);
        Connection connection = factory.newConnection();
        Channel channel = connection.createChannel();
        channel.basicQos(3);
        Inbox inbox = Inbox.on(channel, queue);
        assertThat(inbox.nextTexts(3)).containsExactly("a", "b", "c");

        gate.cut();

        Conditions.await("the client to notice", Amqp.SOON, () -> !connection.isOpen());
        Amqp.awaitReady(publisher, queue, 4);
        for (String text : new String[] {"a", "b", "c"}) {
            com.rabbitmq.client.GetResponse got = Amqp.take(publisher, queue);
            assertThat(Amqp.text(got)).isEqualTo(text);
            assertThat(got.getEnvelope().isRedeliver()).as(text).isTrue();
        }
        assertThat(Amqp.take(publisher, queue).getEnvelope().isRedeliver()).isFalse();
    }

    /// Makes one socket whose reads can be held back, or that is closed without a word.
    private static final class Gate extends SocketFactory {
        private final Semaphore open = new Semaphore(1);
        private final Socket socket =
                new Socket() {
                    @Override
                    public InputStream getInputStream() throws IOException {
                        return new FilterInputStream(super.getInputStream()) {
                            @Override
                            public int read(byte[] to, int from, int most) throws IOException {
                                pass();
                                return super.read(to, from, most);
                            }
                        };
                    }
                };

        private void pass() {
            open.acquireUninterruptibly();
            open.release();
        }

        void shut() {
            open.acquireUninterruptibly();
        }

        void open() {
            open.release();
        }

        void cut() throws IOException {
            // No farewell of TCP either.
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public Socket createSocket() {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort)
                throws IOException {
            return createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
                throws IOException {
            return createSocket(host, port);
        }

        private Socket connected(InetSocketAddress address) throws IOException {
            socket.connect(address);
            return socket;
        }
    }
}
