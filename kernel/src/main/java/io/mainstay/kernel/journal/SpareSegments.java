package io.mainstay.kernel.journal;

import io.mainstay.platform.Clock;
import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/// Zero-filled files that wait to become segments: the one that is needed next, and the reserve for when the disk is full.
///
/// [#prepare] belongs to the sync thread and fills a spare a step at a time; all else belongs to the driver.
final class SpareSegments {

    private static final Logger LOG = LoggerFactory.getLogger(SpareSegments.class);

    /// The next segment and the reserve.
    private static final int KEEP = 2;

    /// Released segments that are kept: a busy journal lives on them and fills no file with zeros any more.
    private static final int KEEP_RELEASED = 6;

    private static final int CHUNK_BYTES = 1 << 20;
    private static final long STEP_BYTES = 4L << 20;

    /// While no spare is made the journal takes no space: who does is seen after this time.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Disk disk;
    private final Clock clock;
    private final int segmentBytes;
    private final long watermarkBytes;
    private final Deque<Spare> ready = new ArrayDeque<>();
    private long made;
    private @Nullable Spare filling;
    private int filled;
    private long lookedNanos;
    private volatile boolean full;

    SpareSegments(Disk disk, Clock clock, int segmentBytes, long watermarkBytes) {
        this.disk = disk;
        this.clock = clock;
        this.lookedNanos = clock.nanoTime() - LOOK_NANOS;
        this.segmentBytes = segmentBytes;
        this.watermarkBytes = watermarkBytes;
    }

    /// Takes over the spares of an earlier process; one that it had not filled to its end goes.
    synchronized void takeOver() throws IOException {
        for (String name : disk.list(Segment.DIRECTORY)) {
            if (name.startsWith(Segment.SPARE_PREFIX)) {
                String path = Segment.DIRECTORY + "/" + name;
                Disk.File file = disk.open(path, false);
                if (ready.size() < KEEP_RELEASED && file.size() == segmentBytes) {
                    ready.add(new Spare(path, file));
                } else {
                    file.close();
                    disk.delete(path);
                }
            }
        }
    }

    /// The watermark is reached. Looks again if it was, so that writes come back as soon as space does.
    boolean full() {
        if (full) {
            try {
                full = isLow();
            } catch (IOException e) {
                LOG.warn("journal: free disk space is not known", e);
            }
        }
        return full;
    }

    private boolean isLow() throws IOException {
        return disk.usableBytes() < watermarkBytes;
    }

    long watermarkBytes() {
        return watermarkBytes;
    }

    synchronized int count() {
        return ready.size();
    }

    /// A segment can be begun: there is a spare, or room to make one.
    boolean canBegin() throws IOException {
        return count() > 0 || disk.usableBytes() >= segmentBytes;
    }

    /// Looks at the watermark and fills the next spare a step further, faster than the journal grew by `appendedBytes`. A spare that
    /// cannot be made is no failure of the journal.
    void prepare(long appendedBytes) {
        boolean wanted = filling != null || count() < KEEP;
        long now = clock.nanoTime();
        if (!wanted && now - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = now;
        try {
            boolean low = isLow();
            if (!low && wanted) {
                fill(Math.max(STEP_BYTES, 2 * appendedBytes));
            }
            full = low;
        } catch (IOException e) {
            full = true;
            LOG.warn("journal: could not make a spare segment; is the disk full?", e);
        }
    }

    private void fill(long bytes) throws IOException {
        if (filling == null) {
            String name = nextName();
            filling = new Spare(name, disk.open(name, true));
            filled = 0;
        }
        Spare spare = filling;
        try {
            int to = (int) Math.min(segmentBytes, filled + bytes);
            zero(spare.file(), filled, to);
            spare.file().sync();
            filled = to;
        } catch (IOException e) {
            filling = null;
            spare.discard(disk);
            throw e;
        }
        if (filled == segmentBytes) {
            filling = null;
            synchronized (this) {
                ready.add(spare);
            }
        }
    }

    /// Begins a segment: its block and then its name are durable on return.
    Segment begin(long sequence, long salt) throws IOException {
        Spare spare;
        synchronized (this) {
            spare = ready.poll();
        }
        if (spare == null) {
            spare = make();
        }
        String name = Segment.nameOf(sequence);
        Segment segment = Segment.begin(name, spare.file(), sequence, salt, segmentBytes);
        spare.file().sync();
        disk.rename(spare.name(), name);
        disk.syncDirectory(Segment.DIRECTORY);
        return segment;
    }

    /// Takes back the oldest segment. Durable on return: segments go in order, so no power cut can leave a hole, and the file's next
    /// life never shows under its old name.
    void give(Segment segment) throws IOException {
        if (count() >= KEEP_RELEASED) {
            segment.file().close();
            disk.delete(segment.name());
            disk.syncDirectory(Segment.DIRECTORY);
            return;
        }
        String name = nextName();
        disk.rename(segment.name(), name);
        disk.syncDirectory(Segment.DIRECTORY);
        synchronized (this) {
            ready.add(new Spare(name, segment.file()));
        }
    }

    private Spare make() throws IOException {
        String name = nextName();
        Spare spare = new Spare(name, disk.open(name, true));
        try {
            zero(spare.file(), 0, segmentBytes);
        } catch (IOException e) {
            spare.discard(disk);
            throw e;
        }
        return spare;
    }

    private static void zero(Disk.File file, int from, int to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(CHUNK_BYTES, to - from));
        for (int at = from; at < to; at += zeros.capacity()) {
            zeros.clear().limit(Math.min(zeros.capacity(), to - at));
            file.write(zeros, at);
        }
    }

    private synchronized String nextName() throws IOException {
        String name;
        do {
            made++;
            name = Segment.DIRECTORY + "/" + Segment.SPARE_PREFIX + made + Segment.SUFFIX;
        } while (disk.exists(name));
        return name;
    }

    /// Closes the files. After the last append and sync.
    synchronized void close() throws IOException {
        for (Spare spare : ready) {
            spare.file().close();
        }
        if (filling != null) {
            filling.file().close();
        }
    }

    private record Spare(String name, Disk.File file) {

        void discard(Disk disk) throws IOException {
            file.close();
            disk.delete(name);
        }
    }
}
