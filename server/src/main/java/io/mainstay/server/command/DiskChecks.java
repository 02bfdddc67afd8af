package io.mainstay.server.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Checks of the data directory's disk. What they write they remove.
final class DiskChecks {

    static final double SLOW_SYNC_MS = 20;
    private static final int SYNCS = 32;
    private static final int BLOCK_BYTES = 4_096;

    private DiskChecks() {}

    /// @param directory of the node, which may not exist yet
    static List<Finding> all(Path directory, long watermarkBytes, long segmentBytes) {
        Path existing = existing(directory.toAbsolutePath());
        List<Finding> findings = new ArrayList<>();
        findings.add(writable(directory, existing));
        try {
            findings.add(
                    space(
                            Files.getFileStore(existing).getUsableSpace(),
                            watermarkBytes,
                            segmentBytes));
            if (Files.isWritable(existing)) {
                findings.add(sync(syncMillis(existing)));
            }
        } catch (IOException e) {
            findings.add(
                    Finding.bad(
                            "disk",
                            "the disk of " + existing + " cannot be used: " + e.getMessage(),
                            "Check the file system, or choose another data.dir."));
        }
        return findings;
    }

    static Finding writable(Path directory, Path existing) {
        return Files.isDirectory(existing) && Files.isWritable(existing)
                ? Finding.ok("data-dir", directory + " can be written")
                : Finding.bad(
                        "data-dir",
                        directory + " cannot be written",
                        "Make it belong to the user of the node, or choose another data.dir.");
    }

    static Finding space(long freeBytes, long watermarkBytes, long segmentBytes) {
        String free = (freeBytes >> 20) + " MiB free";
        if (freeBytes <= watermarkBytes) {
            return Finding.bad(
                    "disk-space",
                    free + ": below the watermark, writes are refused",
                    "Free space, or lower disk.watermark-bytes.");
        }
        return freeBytes - watermarkBytes < 4 * segmentBytes
                ? Finding.warn(
                        "disk-space",
                        free + ": few journal files fit above the watermark",
                        "Free space on the disk of data.dir.")
                : Finding.ok("disk-space", free);
    }

    static Finding sync(double medianMs) {
        String cause = "a synced write takes %.2f ms".formatted(medianMs);
        return medianMs <= SLOW_SYNC_MS
                ? Finding.ok("disk-sync", cause)
                : Finding.warn(
                        "disk-sync",
                        cause + "; each change waits for one",
                        "Put data.dir on a local SSD.");
    }

    /// Median of some synced writes into a file that has its blocks already.
    private static double syncMillis(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, ".mainstay-doctor", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(BLOCK_BYTES), 0);
            channel.force(true);
            double[] millis = new double[SYNCS];
            for (int i = 0; i < SYNCS; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.allocate(BLOCK_BYTES), 0);
                channel.force(false);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(millis);
            return millis[SYNCS / 2];
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Path existing(Path directory) {
        Path at = directory;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }
}
