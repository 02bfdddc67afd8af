package io.mainstay.bench.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// One kept-alive HTTP connection with at most one heartbeat under way, as Eureka's client sends it.
final class BeatConnection implements AutoCloseable {

    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] STATUS_OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_LENGTH =
            "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel channel;
    private final String app;
    private final ByteBuffer in = ByteBuffer.allocate(2 * 1024);
    private boolean waiting;
    private long answered;
    private long failed;

    /// Connects and registers with `selector`, which gives this connection back as the key's attachment.
    BeatConnection(int port, String app, Selector selector) throws IOException {
        this.app = app;
        this.channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    /// A beat was sent and is not answered yet.
    boolean waiting() {
        return waiting;
    }

    long answered() {
        return answered;
    }

    /// Answers other than 200.
    long failed() {
        return failed;
    }

    /// Sends the beat of instance `i<number>`.
    void send(int number) throws IOException {
        String request =
                "PUT /eureka/apps/"
                        + app
                        + "/i"
                        + number
                        + "?status=UP&lastDirtyTimestamp=1700000000000 HTTP/1.1\r\n"
                        + "Host: 127.0.0.1\r\nAccept: application/json, application/*+json\r\n"
                        + "Accept-Encoding: gzip, x-gzip, deflate\r\n"
                        + "User-Agent: Apache-HttpClient/5.5 (Java/25)\r\n"
                        + "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n";
        ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
        while (out.hasRemaining()) {
            channel.write(out);
        }
        waiting = true;
    }

    /// Reads what came; when it is the whole answer, [#waiting] is false after.
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
        if (!matches(0, STATUS_OK)) {
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
                int length = 0;
                for (int at = i + 1 + CONTENT_LENGTH.length; in.get(at) != '\r'; at++) {
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

    private boolean matches(int at, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (in.get(at + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    private int find(byte[] text) {
        for (int at = 0; at + text.length <= in.position(); at++) {
            if (matches(at, text)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
