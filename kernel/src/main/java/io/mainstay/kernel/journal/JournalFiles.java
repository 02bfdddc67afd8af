package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.platform.Disk;

import java.io.IOException;
import java.util.TreeMap;

/// Finds the segments of a data directory and checks that they are a sequence without holes.
///
/// A segment's block is durable before the file bears a segment's name, so a block that cannot be read is damage, never a torn
/// write. The file [#BEGUN] tells a journal that lost all its segments from one that never had any.
final class JournalFiles {

    static final String BEGUN = Segment.DIRECTORY + "/begun";

    private JournalFiles() {}

    /// Names of the files that bear a segment's name, by sequence.
    static TreeMap<Long, String> names(Disk disk) throws IOException {
        TreeMap<Long, String> names = new TreeMap<>();
        for (String name : disk.list(Segment.DIRECTORY)) {
            if (name.matches("\\d{16}" + Segment.SUFFIX.replace(".", "\\."))) {
                String digits = name.substring(0, name.length() - Segment.SUFFIX.length());
                names.put(Long.parseLong(digits), Segment.DIRECTORY + "/" + name);
            }
        }
        return names;
    }

    static TreeMap<Long, Segment> openSegments(Disk disk, int segmentBytes) throws IOException {
        TreeMap<Long, Segment> segments = new TreeMap<>();
        try {
            for (var entry : names(disk).entrySet()) {
                open(disk, segmentBytes, segments, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            for (Segment segment : segments.values()) {
                segment.file().close();
            }
            throw e;
        }
        if (segments.isEmpty() && disk.exists(BEGUN)) {
            throw new DamagedJournalException(
                    "journal: all segments of "
                            + disk.describe(Segment.DIRECTORY)
                            + " are missing");
        }
        return segments;
    }

    private static void open(
            Disk disk,
            int segmentBytes,
            TreeMap<Long, Segment> segments,
            long sequence,
            String name)
            throws IOException {
        if (!segments.isEmpty() && segments.lastKey() != sequence - 1) {
            throw missing(disk, segments.lastKey() + 1, segmentBytes);
        }
        Disk.File file = disk.open(name, false);
        Segment.Block block = Segment.readBlock(file);
        long size = file.size();
        if (block != null
                && block.sequence() == sequence
                && block.isKnownVersion()
                && block.totalBytes() == segmentBytes
                && size == segmentBytes) {
            segments.put(sequence, new Segment(name, file, sequence, block.salt()));
            return;
        }
        file.close();
        if (block != null && block.sequence() == sequence && block.totalBytes() == segmentBytes) {
            refuseSize(disk, name, block, size);
        }
        if (block == null || block.sequence() != sequence) {
            throw new DamagedJournalException(
                    "journal: "
                            + disk.describe(name)
                            + " is damaged at bytes 0 to "
                            + Segment.BLOCK_BYTES
                            + ": positions "
                            + sequence * segmentBytes
                            + " to "
                            + (sequence + 1) * segmentBytes
                            + " cannot be read");
        }
        throw new DamagedJournalException(
                "journal: "
                        + disk.describe(name)
                        + " has format "
                        + block.version()
                        + " and segments of "
                        + block.totalBytes()
                        + " bytes; this program reads format 1 and is set to "
                        + segmentBytes
                        + " (journal.segment-bytes is fixed when a data directory is made)");
    }

    /// A segment has its whole size, durably, before it bears its name: a shorter one was cut by somebody, and what it held behind the cut,
    /// marks too, is not known.
    private static void refuseSize(Disk disk, String name, Segment.Block block, long size)
            throws DamagedJournalException {
        if (size != block.totalBytes()) {
            long base = block.sequence() * block.totalBytes();
            throw new DamagedJournalException(
                    "journal: "
                            + disk.describe(name)
                            + " has "
                            + size
                            + " bytes of "
                            + block.totalBytes()
                            + ": positions "
                            + (base + size)
                            + " to "
                            + (base + block.totalBytes())
                            + " are missing");
        }
    }

    static DamagedJournalException damaged(
            Disk disk, String name, int at, long position, long durableBelow) {
        return new DamagedJournalException(
                "journal: "
                        + disk.describe(name)
                        + " is damaged at byte "
                        + at
                        + ": positions "
                        + position
                        + " to "
                        + durableBelow
                        + " were durable and cannot be read");
    }

    static DamagedJournalException missing(Disk disk, long sequence, int segmentBytes) {
        return new DamagedJournalException(
                "journal: "
                        + disk.describe(Segment.nameOf(sequence))
                        + " is missing: positions "
                        + sequence * segmentBytes
                        + " to "
                        + (sequence + 1) * segmentBytes
                        + " cannot be read");
    }
}
