package io.mainstay.kernel.journal;

import io.mainstay.platform.Disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/// Zero-filled files that wait to become segments: the one that is needed next, and the reserve for when the disk is full.
final class SpareSegments {

    /// The next segment and the reserve.
    private static final int KEEP = 2;

    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final int segmentBytes;
    private final long watermarkBytes;
    private final Deque<Spare> ready = new ArrayDeque<>();
    private long made;
    private volatile boolean full;

    SpareSegments(Disk disk, int segmentBytes, long watermarkBytes) throws IOException {
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.watermarkBytes = watermarkBytes;
        // A spare of an earlier process may not be filled to its end: make it anew.
        for (String name : disk.list(Segment.DIRECTORY)) {
            if (name.startsWith(Segment.SPARE_PREFIX)) {
                disk.delete(Segment.DIRECTORY + "/" + name);
            }
        }
    }

    boolean full() {
        return full;
    }

    long watermarkBytes() {
        return watermarkBytes;
    }

    synchronized int count() {
        return ready.size();
    }

    /// Makes what is missing while the disk has room, and looks at the watermark. Called by the sync thread, so that no append waits for it.
    void prepare() throws IOException {
        boolean low = disk.usableBytes() < watermarkBytes;
        synchronized (this) {
            while (ready.size() < KEEP && !low) {
                ready.add(make());
                low = disk.usableBytes() < watermarkBytes;
            }
        }
        full = low;
    }

    /// A file for the segment `name`.
    synchronized Disk.File take(String name) throws IOException {
        Spare spare = ready.isEmpty() ? make() : ready.remove();
        disk.rename(spare.name(), name);
        disk.syncDirectory(Segment.DIRECTORY);
        return spare.file();
    }

    /// Takes back a segment that nobody needs.
    synchronized void give(Segment segment) throws IOException {
        if (ready.size() >= KEEP) {
            segment.file().close();
            disk.delete(segment.name());
            return;
        }
        String name = nextName();
        disk.rename(segment.name(), name);
        ready.add(new Spare(name, segment.file()));
    }

    private Spare make() throws IOException {
        String name = nextName();
        Disk.File file = disk.open(name, true);
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(CHUNK_BYTES, segmentBytes));
        for (int at = 0; at < segmentBytes; at += zeros.capacity()) {
            zeros.clear().limit(Math.min(zeros.capacity(), segmentBytes - at));
            file.write(zeros, at);
        }
        file.sync();
        return new Spare(name, file);
    }

    private String nextName() {
        made++;
        return Segment.DIRECTORY + "/" + Segment.SPARE_PREFIX + made + Segment.SUFFIX;
    }

    private record Spare(String name, Disk.File file) {}
}
