package io.mainstay.kernel.journal;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.platform.Disk;

import java.io.IOException;
import java.util.TreeMap;

/// Finds the segments of a data directory and checks that they are a sequence without holes.
final class JournalFiles {

    private JournalFiles() {}

    /// @param dropUnbegun removes a last file whose block was never completed: a crash came between its making and its first use
    static TreeMap<Long, Segment> openSegments(Disk disk, int segmentBytes, boolean dropUnbegun)
            throws IOException {
        TreeMap<Long, String> names = new TreeMap<>();
        for (String name : disk.list(Segment.DIRECTORY)) {
            if (name.endsWith(Segment.SUFFIX) && !name.startsWith(Segment.SPARE_PREFIX)) {
                String digits = name.substring(0, name.length() - Segment.SUFFIX.length());
                if (digits.matches("\\d{16}")) {
                    names.put(Long.parseLong(digits), Segment.DIRECTORY + "/" + name);
                }
            }
        }
        TreeMap<Long, Segment> segments = new TreeMap<>();
        for (var entry : names.entrySet()) {
            long sequence = entry.getKey();
            String name = entry.getValue();
            boolean last = sequence == names.lastKey();
            Disk.File file = disk.open(name, false);
            Segment.Block block = Segment.readBlock(file);
            if (block == null || block.sequence() != sequence) {
                if (last && dropUnbegun) {
                    file.close();
                    disk.delete(name);
                    continue;
                }
                if (last) {
                    continue;
                }
                throw new DamagedJournalException(
                        "journal: the first 64 bytes of "
                                + disk.describe(name)
                                + " are damaged: its records cannot be read");
            }
            if (!block.isKnownVersion() || block.totalBytes() != segmentBytes) {
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
            if (!segments.isEmpty() && segments.lastKey() != sequence - 1) {
                throw new DamagedJournalException(
                        "journal: segment "
                                + disk.describe(Segment.nameOf(sequence - 1))
                                + " is missing");
            }
            segments.put(sequence, new Segment(name, file, sequence, block.salt()));
        }
        return segments;
    }
}
