package io.mainstay.bench.amqp;

import io.mainstay.bench.kernel.RawDisk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The ceiling of a broker that confirms what is on the disk: whole windows of bodies appended to one file and synced, over and over, by one
/// thread that does nothing else.
record RawAppends(Path file) {

    private static final long NANOS = 2_000_000_000L;

    /// Bodies per second.
    double perSecond(int bytes, int window) throws IOException {
        try (RawDisk disk = new RawDisk(file)) {
            disk.run(bytes * window, bytes, NANOS / 4);
            return disk.run(bytes * window, bytes, NANOS).perSecond();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
