package io.mainstay.bench.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The ceiling: one thread that appends a whole window at once to a zero-filled file and syncs its data, over and over.
public final class RawDisk implements AutoCloseable {

    private static final int FILE_BYTES = 256 << 20;

    private final FileChannel file;
    private long position;

    public RawDisk(Path path) throws IOException {
        file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
            write(zeros.clear(), at);
        }
        file.force(true);
    }

    /// Appends and syncs windows of `windowBytes` for `nanos`.
    public Rate run(int windowBytes, int payloadBytes, long nanos) throws IOException {
        ByteBuffer window = ByteBuffer.allocateDirect(windowBytes);
        double cpuBefore = Rate.processCpuSeconds();
        long start = System.nanoTime();
        long windows = 0;
        while (System.nanoTime() - start < nanos) {
            if (position + windowBytes > FILE_BYTES) {
                position = 0;
            }
            write(window.clear(), position);
            file.force(false);
            position += windowBytes;
            windows++;
        }
        return new Rate(
                windows * (windowBytes / payloadBytes),
                payloadBytes,
                (System.nanoTime() - start) / 1e9,
                Rate.processCpuSeconds() - cpuBefore);
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
