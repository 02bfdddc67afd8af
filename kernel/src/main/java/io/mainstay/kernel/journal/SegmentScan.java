package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.RecordFormat.Header;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads the records of one segment in order, and finds records behind a bad one.
final class SegmentScan {

    private static final int WINDOW_BYTES = 1 << 20;

    private final Segment segment;
    private final int segmentBytes;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).flip();
    private int windowAt;

    SegmentScan(Segment segment, int segmentBytes) {
        this.segment = segment;
        this.segmentBytes = segmentBytes;
    }

    /// Gives each intact record from the place `from` on to `visitor`; returns the place behind the last one.
    int records(int from, Visitor visitor) throws IOException {
        int at = from;
        while (true) {
            Header header = headerAt(at);
            if (header == null) {
                return at;
            }
            int padded = RecordFormat.recordBytes(header.payloadBytes());
            if (padded > segmentBytes - at || !load(at, padded)) {
                return at;
            }
            int payloadAt = at - windowAt + RecordFormat.HEADER_BYTES;
            ByteBuffer payload = window.slice(payloadAt, header.payloadBytes());
            if (RecordFormat.payloadCrc(payload) != header.payloadCrc()
                    || !isZero(payloadAt + header.payloadBytes(), at - windowAt + padded)) {
                if (!visitor.damaged(header, at + padded, payload)) {
                    return at;
                }
                at += padded;
                continue;
            }
            at += padded;
            if (!visitor.record(header, at, payload)) {
                return at;
            }
        }
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (window.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /// The highest position that an intact header at or behind `from` says was durable, or -1.
    long highestMark(int from) throws IOException {
        long highest = -1;
        int at = nextHeader(from);
        while (at >= 0) {
            Header header = headerAt(at);
            if (header != null) {
                highest = Math.max(highest, header.durableBelow());
            }
            at = nextHeader(at + RecordFormat.ALIGNMENT);
        }
        return highest;
    }

    /// The place of the first intact header at or behind `from`, or -1.
    int nextHeader(int from) throws IOException {
        for (int at = from; load(at, RecordFormat.HEADER_BYTES); at += RecordFormat.ALIGNMENT) {
            if (window.getInt(at - windowAt) == RecordFormat.MAGIC && headerAt(at) != null) {
                return at;
            }
        }
        return -1;
    }

    /// How many bytes from `from` up to `to` are not zero.
    long dirtyBytes(int from, int to) throws IOException {
        long dirty = 0;
        for (int at = from; at < to && load(at, 1); at++) {
            dirty += window.get(at - windowAt) == 0 ? 0 : 1;
        }
        return dirty;
    }

    private @Nullable Header headerAt(int at) throws IOException {
        return load(at, RecordFormat.HEADER_BYTES)
                ? RecordFormat.header(
                        window.slice(at - windowAt, RecordFormat.HEADER_BYTES),
                        segment.salt(),
                        segment.sequence(),
                        at)
                : null;
    }

    /// Brings `count` bytes at `at` into the window; false if the segment or its file ends before.
    private boolean load(int at, int count) throws IOException {
        if ((long) at + count > segmentBytes) {
            return false;
        }
        if (at < windowAt || at + count > windowAt + window.limit()) {
            if (window.capacity() < count) {
                window = ByteBuffer.allocate(count);
            }
            window.clear().limit(Math.min(window.capacity(), segmentBytes - at));
            windowAt = at;
            segment.file().read(window, at);
            window.flip();
        }
        return at + count <= windowAt + window.limit();
    }

    /// Sees one intact record; returns false to stop behind it. `payload` is valid during the call only.
    @FunctionalInterface
    interface Visitor {
        boolean record(Header header, int endInSegment, ByteBuffer payload);

        /// Sees a record whose header is intact and whose payload is not; returns whether it is passed over. If not, it ends what can be read.
        default boolean damaged(Header header, int endInSegment, ByteBuffer payload)
                throws IOException {
            return false;
        }
    }
}
