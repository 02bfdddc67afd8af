package io.mainstay.bench.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// Reads many lines on one selector. One thread calls [#turn], any adds lines.
public final class StreamLoop implements AutoCloseable {

    private static final int READ_BYTES = 64 << 10;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);

    public StreamLoop() throws IOException {}

    public <L extends Line> L add(L line) throws IOException {
        line.channel().register(selector, SelectionKey.OP_READ, line);
        selector.wakeup();
        return line;
    }

    /// Waits up to `mostMs`, at least 1, and takes what came. Returns how many lines had something.
    public int turn(long mostMs) throws IOException {
        return selector.select(this::receive, mostMs);
    }

    private void receive(SelectionKey key) {
        Line line = (Line) key.attachment();
        try {
            line.receive(buffer);
        } catch (IOException lost) {
            line.end();
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
