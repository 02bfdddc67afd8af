package io.mainstay.kernel.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mainstay.platform.Threads;
import io.mainstay.platform.real.SystemThreads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

class TcpPeerLinkTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MAGIC = 0x4D535031;
    private static final PeerLimits LIMITS =
            new PeerLimits(
                    1 << 20,
                    2 << 20,
                    4,
                    Duration.ofMillis(300),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200));

    private final Threads threads = new SystemThreads();
    private final List<TcpPeerLink> links = new ArrayList<>();
    private final List<ByteBuffer> received = Collections.synchronizedList(new ArrayList<>());

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private TcpPeerLink listen(int node, int port) throws IOException {
        TcpPeerLink link = TcpPeerLink.listen(node, loopback(port), threads, LIMITS);
        links.add(link);
        return link;
    }

    @AfterEach
    void close() {
        links.forEach(TcpPeerLink::close);
    }

    private TcpPeerLink receivingTwo(int port) throws IOException {
        TcpPeerLink two = listen(2, port);
        two.receiver(
                (node, frame) -> {
                    assertThat(node).isEqualTo(1);
                    received.add(frame);
                });
        return two;
    }

    private static void sendWhenConnected(TcpPeerLink link, ByteBuffer frame) {
        await().atMost(LONG)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> link.send(2, frame.duplicate()));
    }

    private static ByteBuffer frame(int bytes, int number) {
        return ByteBuffer.allocate(bytes).putInt(0, number);
    }

    @Test
    void framesArriveWholeAndInOrder() throws IOException {
        TcpPeerLink one = listen(1, 0);
        TcpPeerLink two = receivingTwo(0);
        two.connect(Map.of(1, one.address()));
        one.connect(Map.of(2, two.address()));
        for (int i = 0; i < 300; i++) {
            sendWhenConnected(one, frame(4 + i * 97, i));
        }
        sendWhenConnected(one, frame(1 << 20, 300));
        await().atMost(LONG).until(() -> received.size() == 301);
        for (int i = 0; i <= 300; i++) {
            assertThat(received.get(i).getInt(0)).isEqualTo(i);
            assertThat(received.get(i).remaining()).isEqualTo(i == 300 ? 1 << 20 : 4 + i * 97);
        }
    }

    @Test
    void whoComesBackIsConnectedAgain() throws IOException {
        TcpPeerLink one = listen(1, 0);
        TcpPeerLink two = receivingTwo(0);
        int port = two.address().getPort();
        two.connect(Map.of(1, one.address()));
        one.connect(Map.of(2, two.address()));
        sendWhenConnected(one, frame(8, 1));
        await().atMost(LONG).until(() -> received.size() == 1);
        two.close();
        await().atMost(LONG).until(() -> !one.send(2, frame(8, 2)));
        received.clear();
        receivingTwo(port).connect(Map.of(1, one.address()));
        sendWhenConnected(one, frame(8, 3));
        await().atMost(LONG).until(() -> !received.isEmpty());
        assertThat(received.getLast().getInt(0)).isEqualTo(3);
    }

    @Test
    void aPeerThatDoesNotReadFillsItsQueueAndNoMore() throws IOException {
        TcpPeerLink one = listen(1, 0);
        try (ServerSocket silent = new ServerSocket()) {
            silent.setReceiveBufferSize(64 << 10);
            silent.bind(loopback(0));
            one.connect(Map.of(2, loopback(silent.getLocalPort())));
            sendWhenConnected(one, frame(8, 0));
            int taken = 0;
            while (one.send(2, frame(100_000, taken))) {
                taken++;
                assertThat(taken).isLessThan(200);
            }
            assertThat(one.send(2, frame(8, 0))).isFalse();
        }
    }

    private void assertEnds(Socket socket) throws IOException {
        socket.setSoTimeout((int) LONG.toMillis());
        int read;
        try {
            read = socket.getInputStream().read();
        } catch (java.net.SocketException reset) {
            read = -1;
        }
        assertThat(read).isEqualTo(-1);
    }

    private static DataOutputStream hello(Socket socket, int magic, int from, int to)
            throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(12);
        out.writeInt(magic);
        out.writeInt(from);
        out.writeInt(to);
        out.flush();
        return out;
    }

    private Socket callTwo() throws IOException {
        TcpPeerLink two = links.isEmpty() ? receivingTwo(0) : links.getFirst();
        if (links.size() == 1 && received.isEmpty()) {
            links.add(TcpPeerLink.listen(1, loopback(0), threads, LIMITS));
            two.connect(Map.of(1, links.getLast().address()));
        }
        return new Socket(InetAddress.getLoopbackAddress(), two.address().getPort());
    }

    @Test
    void strangersAreRefused() throws IOException {
        int[][] hellos = {{MAGIC + 1, 1, 2}, {MAGIC, 3, 2}, {MAGIC, 2, 2}, {MAGIC, 1, 3}};
        for (int[] each : hellos) {
            try (Socket socket = callTwo()) {
                hello(socket, each[0], each[1], each[2]);
                assertEnds(socket);
            }
        }
        try (Socket socket = callTwo()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes("US-ASCII"));
            assertEnds(socket);
        }
        assertThat(received).isEmpty();
    }

    @Test
    void whoSaysNothingIsNotWaitedForLong() throws IOException {
        try (Socket socket = callTwo()) {
            assertEnds(socket);
        }
    }

    @Test
    void aFrameThatIsTooLongEndsTheConnectionBeforeItIsHere() throws IOException {
        for (int length : new int[] {LIMITS.frameBytes() + 1, Integer.MAX_VALUE, -1}) {
            try (Socket socket = callTwo()) {
                DataOutputStream out = hello(socket, MAGIC, 1, 2);
                out.writeInt(length);
                out.write(new byte[1_000]);
                assertEnds(socket);
            }
        }
        assertThat(received).isEmpty();
    }

    @Test
    void noMoreConnectionsThanAllowedAreKept() throws IOException {
        List<Socket> kept = new ArrayList<>();
        for (int i = 0; i < LIMITS.connections(); i++) {
            Socket socket = callTwo();
            kept.add(socket);
            hello(socket, MAGIC, 1, 2).writeInt(4);
            socket.getOutputStream().write(new byte[4]);
            int expected = i + 1;
            await().atMost(LONG).until(() -> received.size() == expected);
        }
        try (Socket oneTooMany = callTwo()) {
            assertEnds(oneTooMany);
        }
        for (Socket socket : kept) {
            socket.close();
        }
    }

    @Test
    void onlyLoopbackIsListenedOn() {
        assertThatThrownBy(
                        () -> TcpPeerLink.listen(1, new InetSocketAddress("0.0.0.0", 0), threads))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("loopback only");
    }
}
