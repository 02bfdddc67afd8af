package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.kernel.journal.RecordFormat.Header;
import io.mainstay.platform.Disk;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableMap;

/// Walks all segments in order and tells damage from a torn tail.
final class JournalScan {

    private static final Logger LOG = LoggerFactory.getLogger(JournalScan.class);

    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final int segmentBytes;
    private final NavigableMap<Long, Segment> segments;
    private long highestMark = -1;
    private long oldestNeeded = 1;

    /// The highest mark behind the first bad record, -1 if nobody looked or there is none.
    private long markBehindAll = -1;

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
                            .records(Segment.BLOCK_BYTES, new Records(segment, base, visitor));
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

    private final class Records implements SegmentScan.Visitor {
        private final Segment segment;
        private final long base;
        private final Visitor visitor;

        Records(Segment segment, long base, Visitor visitor) {
            this.segment = segment;
            this.base = base;
            this.visitor = visitor;
        }

        @Override
        public boolean record(Header header, int endInSegment, ByteBuffer payload) {
            note(header);
            if (!ended) {
                visitor.record(header, base + endInSegment, payload);
            }
            return !ended;
        }

        /// What no mark calls synced is a torn tail and never passed over.
        @Override
        public boolean damaged(Header header, int endInSegment, ByteBuffer payload)
                throws IOException {
            if (base + endInSegment > highestMarkBehind(segment, endInSegment)
                    || !visitor.damaged(header, base + endInSegment, payload)) {
                return false;
            }
            LOG.error(
                    "journal: {} is damaged at bytes {} to {}: a {} of raft group {} is passed over, as nothing but bodies is still needed of it",
                    disk.describe(segment.name()),
                    endInSegment - RecordFormat.recordBytes(header.payloadBytes()),
                    endInSegment,
                    header.type(),
                    header.group());
            return true;
        }
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
        long highest = highestMarkBehind(segment, behind);
        if (highest > position) {
            throw JournalFiles.damaged(disk, segment.name(), behind, position, highest);
        }
    }

    private long highestMarkBehind(Segment segment, int behind) throws IOException {
        if (markBehindAll < 0) {
            long highest = new SegmentScan(segment, segmentBytes).highestMark(behind);
            for (Segment later : segments.tailMap(segment.sequence(), false).values()) {
                SegmentScan scan = new SegmentScan(later, segmentBytes);
                highest = Math.max(highest, scan.highestMark(Segment.BLOCK_BYTES));
            }
            markBehindAll = highest;
        }
        return Math.max(highestMark, markBehindAll);
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

        /// See [Journal.Replay#damaged].
        default boolean damaged(Header header, long recordEnd, ByteBuffer payload) {
            return false;
        }
    }
}
