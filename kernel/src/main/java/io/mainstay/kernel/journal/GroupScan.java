package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.RecordFormat.Header;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads one group's records of one segment below a position that is synced, while the journal goes on. One use.
final class GroupScan {

    private final Segment segment;
    private final int segmentBytes;
    private final int group;
    private final long to;
    private boolean ended;

    GroupScan(Segment segment, int segmentBytes, int group, long to) {
        this.segment = segment;
        this.segmentBytes = segmentBytes;
        this.group = group;
        this.to = to;
    }

    private boolean isOurs(Header header) {
        return SegmentedJournal.isOfGroup(header.type()) && header.group() == group;
    }

    /// Returns the position of the first record that cannot be read although it was durable, or -1 if there is none.
    long run(Journal.Replay replay) throws IOException {
        long base = segment.sequence() * segmentBytes;
        if (base + Segment.BLOCK_BYTES >= to) {
            return -1;
        }
        int behind =
                new SegmentScan(segment, segmentBytes)
                        .records(
                                Segment.BLOCK_BYTES,
                                new SegmentScan.Visitor() {
                                    @Override
                                    public boolean record(
                                            Header header, int endInSegment, ByteBuffer payload) {
                                        if (isOurs(header)) {
                                            replay.record(
                                                    header.type(),
                                                    group,
                                                    header.baseOffset(),
                                                    header.lastOffset(),
                                                    header.epoch(),
                                                    base + endInSegment,
                                                    payload);
                                        }
                                        ended = header.type() == RecordType.SEGMENT_END;
                                        return !ended && base + endInSegment < to;
                                    }

                                    /// Damage of another group's record is its own.
                                    @Override
                                    public boolean damaged(
                                            Header header, int endInSegment, ByteBuffer payload) {
                                        return SegmentedJournal.isOfGroup(header.type())
                                                && base + endInSegment <= to
                                                && (!isOurs(header)
                                                        || SegmentedJournal.passedOver(
                                                                replay,
                                                                header,
                                                                base + endInSegment,
                                                                payload));
                                    }
                                });
        return ended || base + behind >= to ? -1 : base + behind;
    }
}
