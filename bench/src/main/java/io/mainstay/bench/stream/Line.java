package io.mainstay.bench.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// One TCP connection to a server on this machine, with its bytes counted. Any thread writes, its loop's thread reads.
public class Line implements AutoCloseable {

    private final SocketChannel channel;
    private long bytesIn;
    private volatile boolean ended;

    public Line(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
    }

    final SocketChannel channel() {
        return channel;
    }

    /// Writes all of it; waits in a loop while the socket is full, which small frames never make it.
    public final synchronized void write(byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /// Reads what there is into `buffer` and takes it.
    final void receive(ByteBuffer buffer) throws IOException {
        int read = channel.read(buffer.clear());
        if (read < 0) {
            ended = true;
            channel.close();
            return;
        }
        bytesIn += read;
        received(buffer.flip());
    }

    /// Takes what came; a plain line drops it.
    void received(ByteBuffer bytes) throws IOException {}

    /// Bytes that came, those of headers and frames included. Exact when the loop stands still.
    public final long bytesIn() {
        return bytesIn;
    }

    /// The server has closed the connection, or the stream on it.
    public final boolean ended() {
        return ended;
    }

    final void end() {
        ended = true;
    }

    /// Closes with no word, as the end of the process does.
    @Override
    public final void close() throws IOException {
        channel.close();
    }
}
