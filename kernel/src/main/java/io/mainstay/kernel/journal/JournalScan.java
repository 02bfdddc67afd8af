package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.kernel.journal.RecordFormat.Header;
import io.mainstay.platform.Disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableMap;

/// Walks all segments in order and tells damage from a torn tail.
final class JournalScan {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final int segmentBytes;
    private final NavigableMap<Long, Segment> segments;
    private long highestMark = -1;
    private long oldestNeeded = 1;
    private boolean ended;
    private boolean stoppedInOrder;

    JournalScan(Disk disk, int segmentBytes, NavigableMap<Long, Segment> segments) {
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.segments = segments;
    }

    /// Gives each intact record to `visitor` and returns the position behind the last one.
    ///
    /// @throws DamagedJournalException if a bad record lies below a position that a mark calls synced
    long run(Visitor visitor) throws IOException {
        long position = 0;
        for (Segment segment : segments.values()) {
            long base = segment.sequence() * segmentBytes;
            ended = false;
            int behind =
                    new SegmentScan(segment, segmentBytes)
                            .records(
                                    Segment.BLOCK_BYTES,
                                    (header, endInSegment, payload) -> {
                                        note(header);
                                        if (!ended) {
                                            visitor.record(header, base + endInSegment, payload);
                                        }
                                        return !ended;
                                    });
            position = base + behind;
            if (!ended) {
                refuseDamage(segment, behind);
                break;
            }
        }
        if (ended) {
            // A segment is closed only after its successor is durable.
            throw JournalFiles.missing(disk, segments.lastKey() + 1, segmentBytes);
        }
        if (!segments.isEmpty() && segments.firstKey() > oldestNeeded) {
            throw JournalFiles.missing(disk, segments.firstKey() - 1, segmentBytes);
        }
        return position;
    }

    private void note(Header header) {
        ended = header.type() == RecordType.SEGMENT_END;
        stoppedInOrder = header.type() == RecordType.CLEAN_STOP;
        highestMark = Math.max(highestMark, header.durableBelow());
        oldestNeeded = Math.max(oldestNeeded, header.oldestSegment());
    }

    /// Looks behind the first bad record for a mark that says it was synced.
    private void refuseDamage(Segment segment, int behind) throws IOException {
        long position = segment.sequence() * segmentBytes + behind;
        long highest =
                Math.max(highestMark, new SegmentScan(segment, segmentBytes).highestMark(behind));
        for (Segment later : segments.tailMap(segment.sequence(), false).values()) {
            SegmentScan scan = new SegmentScan(later, segmentBytes);
            highest = Math.max(highest, scan.highestMark(Segment.BLOCK_BYTES));
        }
        if (highest > position) {
            throw JournalFiles.damaged(disk, segment.name(), behind, position, highest);
        }
    }

    /// Zeroes what stands behind `cut`, so that it can never be taken for records again, and drops later segments, the last one first:
    /// a power cut in between leaves no hole. Returns the bytes that were not zero; a file that had an earlier use may have some of
    /// that, so they count only if the node was not stopped in order.
    long cutTail(long cut) throws IOException {
        long bytes = 0;
        long sequence = cut / segmentBytes;
        for (Segment later :
                java.util.List.copyOf(segments.tailMap(sequence, false).descendingMap().values())) {
            bytes +=
                    new SegmentScan(later, segmentBytes)
                            .dirtyBytes(Segment.BLOCK_BYTES, segmentBytes);
            later.file().close();
            disk.delete(later.name());
            disk.syncDirectory(Segment.DIRECTORY);
            segments.remove(later.sequence());
        }
        Segment last = segments.get(sequence);
        if (last != null) {
            bytes += zero(last, (int) (cut % segmentBytes));
        }
        return stoppedInOrder ? 0 : bytes;
    }

    private long zero(Segment segment, int from) throws IOException {
        SegmentScan scan = new SegmentScan(segment, segmentBytes);
        long bytes = 0;
        for (int at = from; at < segmentBytes; at += CHUNK_BYTES) {
            int to = Math.min(at + CHUNK_BYTES, segmentBytes);
            long dirty = scan.dirtyBytes(at, to);
            if (dirty > 0) {
                bytes += dirty;
                segment.file().write(ByteBuffer.allocate(to - at), at);
            }
        }
        return bytes;
    }

    @FunctionalInterface
    interface Visitor {
        void record(Header header, long recordEnd, ByteBuffer payload);
    }
}
