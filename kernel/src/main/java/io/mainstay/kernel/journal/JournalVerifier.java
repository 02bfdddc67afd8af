package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.RecordFormat.Header;
import io.mainstay.kernel.journal.VerifyReport.Damage;
import io.mainstay.kernel.journal.VerifyReport.GroupCount;
import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Reads the whole journal of a data directory, changes nothing, and goes on behind each damage.
///
/// For a node that is stopped; beside a running one it sees a moment of the tail. One use, one thread.
public final class JournalVerifier {

    private final Disk disk;
    private final List<Gap> gaps = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private final TreeMap<Integer, GroupCount> groups = new TreeMap<>();
    private int segmentBytes;
    private long durableBelow = -1;
    private long oldestNeeded = 1;
    private long records;
    private long end;
    private @Nullable RecordType lastType;

    private JournalVerifier(Disk disk) {
        this.disk = disk;
    }

    /// @throws IOException if a file cannot be read at all
    public static VerifyReport verify(Disk disk) throws IOException {
        return new JournalVerifier(disk).run();
    }

    private VerifyReport run() throws IOException {
        TreeMap<Long, String> names = JournalFiles.names(disk);
        segmentBytes = segmentBytes(names);
        long previous = 0;
        for (var entry : names.entrySet()) {
            long sequence = entry.getKey();
            for (long hole = previous + 1; previous > 0 && hole < sequence; hole++) {
                missing(hole);
            }
            try (Disk.File file = disk.open(entry.getValue(), false)) {
                segment(sequence, entry.getValue(), file);
            }
            previous = sequence;
        }
        if (names.isEmpty()
                ? disk.exists(JournalFiles.BEGUN)
                : lastType == RecordType.SEGMENT_END) {
            missing(previous + 1);
        }
        if (!names.isEmpty() && names.firstKey() > oldestNeeded) {
            missing(names.firstKey() - 1);
        }
        long tailBytes = 0;
        for (Gap gap : gaps) {
            if (gap.position() < durableBelow) {
                damages.add(gap.damage("durable, and not what was written"));
            } else if (lastType != RecordType.CLEAN_STOP) {
                tailBytes += gap.dirtyBytes();
            }
        }
        damages.sort(java.util.Comparator.comparingLong(Damage::position));
        return new VerifyReport(
                names.size(),
                segmentBytes,
                names.isEmpty() ? 0 : names.firstKey() * segmentBytes,
                end,
                durableBelow,
                lastType == RecordType.CLEAN_STOP,
                records,
                tailBytes,
                damages,
                List.copyOf(groups.values()));
    }

    /// The size that the first readable block names: all segments have one size.
    private int segmentBytes(TreeMap<Long, String> names) throws IOException {
        for (String name : names.values()) {
            try (Disk.File file = disk.open(name, false)) {
                Segment.Block block = Segment.readBlock(file);
                if (block != null && block.isKnownVersion()) {
                    return block.totalBytes();
                }
            }
        }
        return 0;
    }

    private void missing(long sequence) {
        damages.add(
                new Damage(
                        disk.describe(Segment.nameOf(sequence)),
                        sequence * segmentBytes,
                        0,
                        segmentBytes,
                        "the file is missing"));
    }

    private void segment(long sequence, String name, Disk.File file) throws IOException {
        Segment.Block block = Segment.readBlock(file);
        if (block == null || block.sequence() != sequence || !block.isKnownVersion()) {
            damages.add(
                    new Damage(
                            disk.describe(name),
                            sequence * segmentBytes,
                            0,
                            Math.max(segmentBytes, file.size()),
                            "its first bytes are damaged, so that no record can be read"));
            lastType = null;
            return;
        }
        if (file.size() != segmentBytes) {
            damages.add(
                    new Damage(
                            disk.describe(name),
                            sequence * segmentBytes + file.size(),
                            file.size(),
                            segmentBytes,
                            "the file has " + file.size() + " bytes of " + segmentBytes));
        }
        SegmentScan scan =
                new SegmentScan(new Segment(name, file, sequence, block.salt()), segmentBytes);
        long base = sequence * segmentBytes;
        int at = Segment.BLOCK_BYTES;
        while (at >= 0) {
            int from = at;
            int behind =
                    scan.records(
                            from,
                            (header, endInSegment, payload) -> {
                                note(header, base + endInSegment);
                                return header.type() != RecordType.SEGMENT_END;
                            });
            if (behind > from && lastType == RecordType.SEGMENT_END) {
                return;
            }
            // A header may be intact while its payload is not: look behind it.
            at = scan.nextHeader(behind + RecordFormat.ALIGNMENT);
            int to = at < 0 ? segmentBytes : at;
            gaps.add(
                    new Gap(
                            disk.describe(name),
                            base + behind,
                            behind,
                            to,
                            scan.dirtyBytes(behind, to)));
        }
    }

    private void note(Header header, long recordEnd) {
        records++;
        lastType = header.type();
        end = recordEnd;
        durableBelow = Math.max(durableBelow, header.durableBelow());
        oldestNeeded = Math.max(oldestNeeded, header.oldestSegment());
        switch (header.type()) {
            case BATCH -> count(header, 1, header.lastOffset());
            case TRUNCATE, START_AT, RESET_TO_SNAPSHOT, ELECTION_STATE, BODIES ->
                    count(header, 0, -1);
            case SYNC_MARK, CLEAN_STOP, SEGMENT_END -> {}
        }
    }

    private void count(Header header, int batches, long lastOffset) {
        GroupCount before =
                groups.getOrDefault(header.group(), new GroupCount(header.group(), 0, 0, 0, -1));
        groups.put(
                header.group(),
                new GroupCount(
                        header.group(),
                        before.records() + 1,
                        before.batches() + batches,
                        before.bytes() + RecordFormat.recordBytes(header.payloadBytes()),
                        batches > 0 ? lastOffset : before.lastOffset()));
    }

    private record Gap(String file, long position, long from, long to, long dirtyBytes) {
        Damage damage(String reason) {
            return new Damage(file, position, from, to, reason);
        }
    }
}
