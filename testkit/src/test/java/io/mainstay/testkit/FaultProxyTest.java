package io.mainstay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A client, the proxy, and a node that says everything back.
class FaultProxyTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final AtomicLong heard = new AtomicLong();
    private ServerSocket node;
    private FaultProxy proxy;

    @BeforeEach
    void open() throws IOException {
        node = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::answer);
        proxy = FaultProxy.open(node.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        node.close();
    }

    private void answer() {
        while (!node.isClosed()) {
            try {
                Socket socket = node.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void echo(Socket socket) {
        byte[] buffer = new byte[4096];
        try (socket) {
            int read;
            while ((read = socket.getInputStream().read(buffer)) >= 0) {
                heard.addAndGet(read);
                socket.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // The end of this connection.
        }
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private static int ask(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    @Test
    void bytesPassAndTheEndOfOneSideReachesTheOther() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 7)).isEqualTo(7);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        Conditions.await("the connection to be over", SOON, () -> proxy.connections() == 0);
    }

    @Test
    void aCutIsAResetAndNewConnectionsAreServed() throws IOException {
        try (Socket client = client();
                Socket next = cutAndConnect(client)) {
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertThat(ask(next, 2)).isEqualTo(2);
        }
    }

    private Socket cutAndConnect(Socket client) throws IOException {
        assertThat(ask(client, 1)).isEqualTo(1);
        proxy.cut();
        return client();
    }

    @Test
    void aFinishedConnectionEndsWithoutAReset() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 1)).isEqualTo(1);
            proxy.finish();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusedIsWhoComesNewUntilConnectionsAreAcceptedAgain() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 1)).isEqualTo(1);
            proxy.refuse();
            assertThatThrownBy(this::client).isInstanceOf(ConnectException.class);
            assertThat(ask(client, 2)).as("who was there goes on").isEqualTo(2);
            proxy.accept();
            try (Socket next = client()) {
                assertThat(ask(next, 3)).isEqualTo(3);
            }
        }
    }

    @Test
    void aHalfOpenConnectionSaysNothingUntilItIsHealedAndThenItIsReset() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 1)).isEqualTo(1);
            proxy.halfOpen();
            try (Socket next = client()) {
                client.getOutputStream().write(2);
                next.getOutputStream().write(2);
                for (Socket socket : new Socket[] {client, next}) {
                    socket.setSoTimeout(200);
                    assertThatThrownBy(() -> socket.getInputStream().read())
                            .isInstanceOf(SocketTimeoutException.class);
                }
                assertThat(heard).hasValue(1);

                proxy.heal();
                for (Socket socket : new Socket[] {client, next}) {
                    socket.setSoTimeout((int) SOON.toMillis());
                    assertThatThrownBy(() -> socket.getInputStream().read())
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining("reset");
                }
            }
        }
        try (Socket client = client()) {
            assertThat(ask(client, 3)).isEqualTo(3);
        }
    }

    @Test
    void whatAStalledConnectionHoldsArrivesInOrderWhenItGoesOn() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 1)).isEqualTo(1);
            proxy.stall();
            client.getOutputStream().write(new byte[] {2, 3});
            client.setSoTimeout(200);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            client.setSoTimeout((int) SOON.toMillis());
            proxy.resume();
            assertThat(client.getInputStream().readNBytes(2)).containsExactly(2, 3);
        }
    }

    @Test
    void aSlowReaderHoldsTheSenderBack() throws Exception {
        int bytes = 8 * 1024 * 1024;
        proxy.bytesPerSecond(1);
        try (Socket client = client()) {
            // From another thread: it soon waits for room, as the node waits for the slow way back.
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            client.getOutputStream().write(new byte[bytes]);
                                        } catch (IOException e) {
                                            // Told by what the node heard.
                                        }
                                    });
            assertThat(client.getInputStream().read()).isZero();
            assertThat(heard.get()).isPositive().isLessThan(bytes);
            proxy.bytesPerSecond(0);
            assertThat(client.getInputStream().readNBytes(bytes - 1)).hasSize(bytes - 1);
            sender.join();
            assertThat(heard).hasValue(bytes);
        }
    }
}
