package io.mainstay.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Closed-loop heartbeats: each connection sends its next beat when the last one was answered. One thread.
final class BeatLoad implements AutoCloseable {

    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] STATUS_OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_LENGTH =
            "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final String app;
    private final int instances;
    private long answered;
    private long failed;

    /// @param connections sockets, each with one beat under way
    /// @param instances ids `i0` to `i(n-1)` of `app`, spread over the connections
    BeatLoad(int port, int connections, String app, int instances) throws IOException {
        this.app = app;
        this.instances = instances;
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel, i);
            channel.register(selector, SelectionKey.OP_READ, connection);
            this.connections.add(connection);
        }
    }

    /// Sends until `beats` more were answered; returns how many of them were not answered with 200.
    long run(long beats) throws IOException {
        long until = answered + beats;
        long failedBefore = failed;
        for (Connection connection : connections) {
            connection.send(connections.size());
        }
        while (answered < until) {
            if (selector.select(10_000) == 0) {
                throw new IOException("no answer for 10 s after " + answered + " beats");
            }
            var keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                Connection connection = (Connection) keys.next().attachment();
                keys.remove();
                connection.receive();
                if (!connection.waiting && answered < until) {
                    connection.send(connections.size());
                }
            }
        }
        for (Connection connection : connections) {
            while (connection.waiting) {
                connection.receive();
            }
        }
        return failed - failedBefore;
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }

    private final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
        private int next;
        private boolean waiting;

        Connection(SocketChannel channel, int first) {
            this.channel = channel;
            this.next = first;
        }

        void send(int step) throws IOException {
            if (waiting) {
                return;
            }
            String request =
                    "PUT /eureka/apps/"
                            + app
                            + "/i"
                            + next
                            + "?status=UP&lastDirtyTimestamp=1700000000000 HTTP/1.1\r\n"
                            + "Host: 127.0.0.1\r\nAccept: application/json, application/*+json\r\n"
                            + "Accept-Encoding: gzip, x-gzip, deflate\r\n"
                            + "User-Agent: Apache-HttpClient/5.5 (Java/25)\r\n"
                            + "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n";
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            next = (next + step) % instances;
            waiting = true;
        }

        void receive() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the server closed the connection");
            }
            int headEnd = find(HEAD_END);
            if (headEnd < 0) {
                return;
            }
            int total = headEnd + HEAD_END.length + contentLength(headEnd);
            if (in.position() < total) {
                return;
            }
            if (!startsWith(STATUS_OK)) {
                failed++;
            }
            in.flip().position(total);
            in.compact();
            answered++;
            waiting = false;
        }

        private int contentLength(int headEnd) {
            for (int i = 0; i < headEnd; i++) {
                if (in.get(i) == '\n' && matchesLower(i + 1, CONTENT_LENGTH)) {
                    int at = i + 1 + CONTENT_LENGTH.length;
                    int length = 0;
                    for (; in.get(at) != '\r'; at++) {
                        if (in.get(at) != ' ') {
                            length = length * 10 + in.get(at) - '0';
                        }
                    }
                    return length;
                }
            }
            return 0;
        }

        private boolean matchesLower(int at, byte[] text) {
            for (int i = 0; i < text.length; i++) {
                if (at + i >= in.position() || (in.get(at + i) | 0x20) != (text[i] | 0x20)) {
                    return false;
                }
            }
            return true;
        }

        private boolean startsWith(byte[] text) {
            for (int i = 0; i < text.length; i++) {
                if (in.get(i) != text[i]) {
                    return false;
                }
            }
            return true;
        }

        private int find(byte[] text) {
            for (int i = 0; i + text.length <= in.position(); i++) {
                int k = 0;
                while (k < text.length && in.get(i + k) == text[k]) {
                    k++;
                }
                if (k == text.length) {
                    return i;
                }
            }
            return -1;
        }
    }
}
