package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.kernel.journal.RecordFormat.Header;
import io.mainstay.platform.Disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedMap;

/// Walks all segments in order and tells damage from a torn tail.
final class JournalScan {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final int segmentBytes;
    private final SortedMap<Long, Segment> segments;

    JournalScan(Disk disk, int segmentBytes, SortedMap<Long, Segment> segments) {
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.segments = segments;
    }

    /// Gives each intact record to `visitor` and returns the position behind the last one.
    ///
    /// @throws DamagedJournalException if a bad record lies below a position that a mark calls synced
    long run(Visitor visitor) throws IOException {
        long position = 0;
        long[] highestMark = {0};
        for (Segment segment : segments.values()) {
            long base = segment.sequence() * segmentBytes;
            boolean[] ended = {false};
            int behind =
                    new SegmentScan(segment, segmentBytes)
                            .records(
                                    (header, endInSegment, payload) -> {
                                        if (header.type() == RecordType.SEGMENT_END) {
                                            ended[0] = true;
                                            return false;
                                        }
                                        if (header.type() == RecordType.SYNC_MARK) {
                                            highestMark[0] =
                                                    Math.max(highestMark[0], header.baseOffset());
                                        }
                                        visitor.record(header, base + endInSegment, payload);
                                        return true;
                                    });
            position = base + behind;
            if (!ended[0]) {
                refuseDamage(segment, behind, highestMark[0]);
                return position;
            }
        }
        // A segment was closed and its successor never begun: the next record opens it.
        return position - RecordFormat.HEADER_BYTES;
    }

    /// Looks behind the first bad record for a mark that says it was synced.
    private void refuseDamage(Segment segment, int behind, long markBefore) throws IOException {
        long position = segment.sequence() * segmentBytes + behind;
        long highest =
                Math.max(markBefore, new SegmentScan(segment, segmentBytes).highestMark(behind));
        for (Segment later : segments.tailMap(segment.sequence() + 1).values()) {
            highest =
                    Math.max(
                            highest,
                            new SegmentScan(later, segmentBytes).highestMark(Segment.BLOCK_BYTES));
        }
        if (highest > position) {
            throw new DamagedJournalException(
                    "journal: "
                            + disk.describe(segment.name())
                            + " is damaged at byte "
                            + behind
                            + ": positions "
                            + position
                            + " to "
                            + highest
                            + " were durable and cannot be read");
        }
    }

    /// Zeroes what stands behind `cut`, so that it can never be taken for records again, and drops later segments. Returns the bytes
    /// that were not zero.
    long cutTail(long cut) throws IOException {
        long bytes = 0;
        long sequence = cut / segmentBytes;
        for (Segment later : java.util.List.copyOf(segments.tailMap(sequence + 1).values())) {
            bytes += zero(later, Segment.BLOCK_BYTES);
            later.file().close();
            disk.delete(later.name());
            segments.remove(later.sequence());
        }
        Segment last = segments.get(sequence);
        if (last != null) {
            bytes += zero(last, (int) (cut % segmentBytes));
        }
        return bytes;
    }

    private long zero(Segment segment, int from) throws IOException {
        long bytes = 0;
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        for (int at = from; at < segmentBytes; at += CHUNK_BYTES) {
            chunk.clear().limit(Math.min(CHUNK_BYTES, segmentBytes - at));
            segment.file().read(chunk, at);
            chunk.flip();
            int dirty = 0;
            for (int i = 0; i < chunk.limit(); i++) {
                dirty += chunk.get(i) == 0 ? 0 : 1;
            }
            if (dirty > 0) {
                bytes += dirty;
                segment.file().write(ByteBuffer.allocate(chunk.limit()), at);
            }
        }
        return bytes;
    }

    @FunctionalInterface
    interface Visitor {
        void record(Header header, long recordEnd, ByteBuffer payload);
    }
}
