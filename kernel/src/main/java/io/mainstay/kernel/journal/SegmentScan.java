package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.RecordFormat.Header;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads the records of one segment in order, and looks behind the first bad one for a later sync mark.
final class SegmentScan {

    private final Segment segment;
    private final int segmentBytes;
    private ByteBuffer window = ByteBuffer.allocate(1 << 20).flip();
    private int windowAt;

    SegmentScan(Segment segment, int segmentBytes) {
        this.segment = segment;
        this.segmentBytes = segmentBytes;
    }

    /// Gives each intact record to `visitor`; returns the place in the segment behind the last one.
    int records(Visitor visitor) throws IOException {
        int at = Segment.BLOCK_BYTES;
        while (at + RecordFormat.HEADER_BYTES <= segmentBytes) {
            Header header = headerAt(at);
            if (header == null) {
                return at;
            }
            int end = at + RecordFormat.recordBytes(header.payloadBytes());
            ByteBuffer padded =
                    bytes(at + RecordFormat.HEADER_BYTES, end - at - RecordFormat.HEADER_BYTES);
            if (padded == null || !isPaddedWithZeros(padded, header.payloadBytes())) {
                return at;
            }
            ByteBuffer payload = padded.slice(0, header.payloadBytes());
            if (RecordFormat.payloadCrc(payload) != header.payloadCrc()) {
                return at;
            }
            if (!visitor.record(header, end, payload)) {
                return end;
            }
            at = end;
        }
        return at;
    }

    private static boolean isPaddedWithZeros(ByteBuffer padded, int payloadBytes) {
        for (int i = payloadBytes; i < padded.limit(); i++) {
            if (padded.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /// The highest synced position that an intact mark at or behind `from` names, or -1.
    long highestMark(int from) throws IOException {
        long highest = -1;
        for (int at = from;
                at + RecordFormat.HEADER_BYTES + Long.BYTES <= segmentBytes;
                at += RecordFormat.ALIGNMENT) {
            ByteBuffer start = bytes(at, RecordFormat.HEADER_BYTES);
            if (start == null || start.getInt(start.position()) != RecordFormat.MAGIC) {
                continue;
            }
            Header header = RecordFormat.header(start, segment.salt(), segment.sequence());
            if (header != null && header.type() == RecordType.SYNC_MARK) {
                highest = Math.max(highest, header.baseOffset());
            }
        }
        return highest;
    }

    private @Nullable Header headerAt(int at) throws IOException {
        ByteBuffer start = bytes(at, RecordFormat.HEADER_BYTES);
        return start == null
                ? null
                : RecordFormat.header(start, segment.salt(), segment.sequence());
    }

    /// `count` bytes at `at`, or `null` if the segment ends before; valid until the next call.
    private @Nullable ByteBuffer bytes(int at, int count) throws IOException {
        if ((long) at + count > segmentBytes) {
            return null;
        }
        if (at < windowAt || at + count > windowAt + window.limit()) {
            if (window.capacity() < count) {
                window = ByteBuffer.allocate(count);
            }
            window.clear().limit(Math.min(window.capacity(), segmentBytes - at));
            windowAt = at;
            segment.file().read(window, at);
            window.flip();
            if (window.limit() < count) {
                return null;
            }
        }
        return window.slice(at - windowAt, count);
    }

    /// Sees one intact record; returns false to stop behind it.
    @FunctionalInterface
    interface Visitor {
        boolean record(Header header, int endInSegment, ByteBuffer payload);
    }
}
