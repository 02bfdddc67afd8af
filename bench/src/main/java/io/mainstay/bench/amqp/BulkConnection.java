package io.mainstay.bench.amqp;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/// One connection with one channel that publishes or consumes as fast as the broker can, from one thread, with hardly any work of its own: what
/// millions of messages cost is then what they cost the broker. It speaks as much of AMQP 0-9-1 as that takes.
final class BulkConnection implements AutoCloseable {

    private static final int METHOD = 1;
    private static final int HEADER = 2;
    private static final int BODY = 3;
    private static final int FRAME_END = 0xCE;
    private static final int FRAME_OVERHEAD = 8;

    private static final int TUNE = 10 << 16 | 30;
    private static final int CLOSE = 10 << 16 | 50;
    private static final int CHANNEL_CLOSE = 20 << 16 | 40;
    private static final int DELIVER = 60 << 16 | 60;
    private static final int ACK = 60 << 16 | 80;
    private static final int CONFIRM = 60 << 16 | 80;
    private static final int NACK = 60 << 16 | 120;

    private static final int BUFFER_BYTES = 1 << 20;

    /// Messages that are written at once.
    private static final int BLOCK = 250;

    private final SocketChannel socket;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private BulkConnection(SocketChannel socket) {
        this.socket = socket;
    }

    /// Connects as guest to the first virtual host.
    static BulkConnection open(int port) throws IOException {
        SocketChannel socket =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        BulkConnection connection = new BulkConnection(socket);
        connection.out.put("AMQP\0\0\u0009\u0001".getBytes(StandardCharsets.US_ASCII));
        connection.flush();
        connection.await(10 << 16 | 10);
        connection.method(0, 10, 11);
        connection.out.putInt(0);
        connection.shortText("PLAIN");
        connection.longText("\0guest\0guest");
        connection.shortText("en_US");
        connection.end();
        ByteBuffer tune = connection.await(TUNE);
        int channels = tune.getShort();
        int frame = tune.getInt();
        connection.method(0, 10, 31);
        connection.out.putShort((short) channels).putInt(frame).putShort((short) 0);
        connection.end();
        connection.method(0, 10, 40);
        connection.shortText("/");
        connection.out.put((byte) 0).put((byte) 0);
        connection.call(10 << 16 | 41);
        connection.method(1, 20, 10);
        connection.out.put((byte) 0);
        connection.call(20 << 16 | 11);
        return connection;
    }

    /// Declares a durable queue.
    void declare(String queue) throws IOException {
        method(1, 50, 10);
        out.putShort((short) 0);
        shortText(queue);
        out.put((byte) 0b10).putInt(0);
        call(50 << 16 | 11);
    }

    /// Publishes `count` persistent messages of `size` bytes to the queue and returns when all are confirmed.
    ///
    /// @param window messages that may be unconfirmed
    /// @param confirmed told each time how many are
    void publish(String queue, int size, long count, int window, LongConsumer confirmed)
            throws IOException {
        method(1, 85, 10);
        out.put((byte) 0);
        call(85 << 16 | 11);
        ByteBuffer block = block(queue, size);
        int each = block.capacity() / BLOCK;
        long sent = 0;
        long done = 0;
        while (done < count) {
            long room = Math.min(count - sent, window - (sent - done));
            while (room > 0) {
                int now = (int) Math.min(room, BLOCK);
                write(block.clear().limit(now * each));
                sent += now;
                room -= now;
            }
            // Half of the window is on its way while the next half is written.
            long wanted = Math.min(count, done + Math.max(1, window / 2));
            while (done < wanted) {
                ByteBuffer frame = await(CONFIRM);
                long tag = frame.getLong();
                done = frame.get() != 0 ? tag : Math.max(done, tag);
            }
            confirmed.accept(done);
        }
    }

    private static ByteBuffer block(String queue, int size) {
        byte[] key = queue.getBytes(StandardCharsets.UTF_8);
        int publish = 4 + 2 + 1 + 1 + key.length + 1;
        int header = 2 + 2 + 8 + 2 + 1;
        int all = publish + header + size + 3 * FRAME_OVERHEAD;
        ByteBuffer block = ByteBuffer.allocateDirect(all * BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            block.put((byte) METHOD).putShort((short) 1).putInt(publish);
            block.putShort((short) 60).putShort((short) 40).putShort((short) 0).put((byte) 0);
            block.put((byte) key.length).put(key).put((byte) 0).put((byte) FRAME_END);
            block.put((byte) HEADER).putShort((short) 1).putInt(header);
            block.putShort((short) 60).putShort((short) 0).putLong(size);
            block.putShort((short) (1 << 12)).put((byte) 2).put((byte) FRAME_END);
            block.put((byte) BODY).putShort((short) 1).putInt(size);
            block.position(block.position() + size).put((byte) FRAME_END);
        }
        return block;
    }

    /// Takes `count` messages off the queue, acknowledges them in groups and returns when the last acknowledgement is sent.
    ///
    /// @param received told each time how many came
    void consume(String queue, long count, int prefetch, LongConsumer received) throws IOException {
        method(1, 60, 10);
        out.putInt(0).putShort((short) prefetch).put((byte) 0);
        call(60 << 16 | 11);
        method(1, 60, 20);
        out.putShort((short) 0);
        shortText(queue);
        shortText("bulk");
        out.put((byte) 0).putInt(0);
        call(60 << 16 | 21);
        int group = Math.max(1, prefetch / 4);
        for (long done = 0; done < count; ) {
            ByteBuffer frame = await(DELIVER);
            frame.position(frame.position() + 1 + (frame.get(frame.position()) & 0xff));
            long tag = frame.getLong();
            done++;
            if (done % group == 0 || done == count) {
                method(1, ACK >>> 16, ACK & 0xffff);
                out.putLong(tag).put((byte) 1);
                end();
                received.accept(done);
            }
        }
        // A synchronous call: the acknowledgement before it has arrived then.
        method(1, 60, 30);
        shortText("bulk");
        out.put((byte) 0);
        call(60 << 16 | 31);
    }

    private int frameAt;

    private void method(int channel, int classId, int methodId) {
        frameAt = out.position();
        out.put((byte) METHOD).putShort((short) channel).putInt(0);
        out.putShort((short) classId).putShort((short) methodId);
    }

    private void end() throws IOException {
        out.putInt(frameAt + 3, out.position() - frameAt - 7);
        out.put((byte) FRAME_END);
        flush();
    }

    private void call(int answer) throws IOException {
        end();
        await(answer);
    }

    private void shortText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.put((byte) bytes.length).put(bytes);
    }

    private void longText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putInt(bytes.length).put(bytes);
    }

    private void flush() throws IOException {
        write(out.flip());
        out.clear();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /// Reads up to the next method `wanted`, leaves out what else comes (bodies, headers, heartbeats) and returns its arguments. They are good
    /// until the next call.
    private ByteBuffer await(int wanted) throws IOException {
        while (true) {
            fill(7);
            int at = in.position();
            int type = in.get(at);
            int size = in.getInt(at + 3);
            fill(size + FRAME_OVERHEAD);
            at = in.position();
            in.position(at + size + FRAME_OVERHEAD);
            if (type == METHOD) {
                int method = in.getInt(at + 7);
                if (method == wanted) {
                    return in.slice(at + 11, size - 4);
                }
                if (method == CLOSE || method == CHANNEL_CLOSE || method == NACK) {
                    throw new IOException(
                            "the broker said "
                                    + (method >>> 16)
                                    + "."
                                    + (method & 0xffff)
                                    + ": "
                                    + StandardCharsets.UTF_8.decode(in.slice(at + 11, size - 4)));
                }
            }
        }
    }

    private void fill(int bytes) throws IOException {
        if (in.capacity() - in.position() < bytes || !in.hasRemaining()) {
            in.compact().flip();
        }
        while (in.remaining() < bytes) {
            int start = in.position();
            in.position(in.limit()).limit(in.capacity());
            int read = socket.read(in);
            in.limit(in.position()).position(start);
            if (read < 0) {
                throw new EOFException("the broker closed the connection");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
