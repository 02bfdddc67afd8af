package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// An immutable file with the bodies that were still needed of a range of addresses when it was written.
///
/// ```
/// blocks | for each block: first address (8), place (4), bytes (4) | count of blocks (4) | crc32c of table and count (4) | "MSB1"
/// ```
/// Its name says its number, and the range from the first address to the one behind the last: that stays known if its bytes are damaged. Any thread.
final class BodyFile {

    static final String UNFINISHED = ".tmp";

    private static final int MAGIC = 0x4D534231;
    private static final int ENTRY_BYTES = 16;
    private static final int TRAILER_BYTES = 12;
    private static final int MAX_TABLE_BYTES = 64 << 20;
    private static final Pattern NAME = Pattern.compile("(\\d{12})-(\\d{19})-(\\d{19})\\.bodies");

    final long number;
    final long from;
    final long to;
    private final Disk disk;
    private final String name;

    /// Of each block: the lowest address in it, where it begins, and how long it is. Empty if the file is damaged there.
    private final long[] firsts;

    private final int[] places;
    private final int[] lengths;
    private final long size;
    private final Disk.@Nullable File file;

    private BodyFile(Builder made, Disk.@Nullable File file, String name, long size) {
        this.number = made.number;
        this.from = made.from;
        this.to = made.to;
        this.disk = made.disk;
        this.name = name;
        this.firsts = Arrays.copyOf(made.firsts, made.count);
        this.places = Arrays.copyOf(made.places, made.count);
        this.lengths = Arrays.copyOf(made.lengths, made.count);
        this.size = size;
        this.file = file;
    }

    /// The file of that name; `null` if it is none of ours. One that is damaged is returned, and each read of it says so.
    static @Nullable BodyFile open(Disk disk, String directory, String fileName)
            throws IOException {
        Matcher parts = NAME.matcher(fileName);
        if (!parts.matches()) {
            return null;
        }
        Builder found =
                new Builder(
                        disk,
                        Long.parseLong(parts.group(1)),
                        Long.parseLong(parts.group(2)),
                        Long.parseLong(parts.group(3)));
        String name = directory + "/" + fileName;
        Disk.File file = disk.open(name, false);
        long size = file.size();
        boolean whole = found.readTable(file, size);
        if (!whole) {
            file.close();
        }
        return new BodyFile(found, whole ? file : null, name, size);
    }

    boolean isDamaged() {
        return file == null;
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    int blocks() {
        return firsts.length;
    }

    boolean covers(long address) {
        return address >= from && address < to;
    }

    /// The block that would hold the address, -1 if it is before the first.
    int blockOf(long address) {
        int found = Arrays.binarySearch(firsts, address);
        return found >= 0 ? found : -found - 2;
    }

    /// @throws DamagedJournalException if it is not what was written, with the place
    BodyBlock block(int index) throws IOException {
        Disk.File open = file;
        if (open == null) {
            throw new DamagedJournalException(
                    "bodies: "
                            + disk.describe(name)
                            + " is damaged at its end, from byte "
                            + Math.max(0, size - TRAILER_BYTES)
                            + " on or before: none of its bodies can be found");
        }
        ByteBuffer bytes = ByteBuffer.allocate(lengths[index]);
        open.read(bytes, places[index]);
        BodyBlock block = new BodyBlock(bytes.flip());
        if (bytes.limit() < lengths[index] || !block.isWhole()) {
            throw new DamagedJournalException(
                    "bodies: "
                            + disk.describe(name)
                            + " is damaged at bytes "
                            + places[index]
                            + " to "
                            + (places[index] + lengths[index])
                            + ": what stands there is not what was written");
        }
        return block;
    }

    void close() throws IOException {
        Disk.File open = file;
        if (open != null) {
            open.close();
        }
    }

    /// Writes a new file, block by block. One thread.
    static final class Builder {
        private final Disk disk;
        private final long number;
        private final long from;
        private final long to;
        private long[] firsts = new long[16];
        private int[] places = new int[16];
        private int[] lengths = new int[16];
        private int count;
        private int end;

        Builder(Disk disk, long number, long from, long to) {
            this.disk = disk;
            this.number = number;
            this.from = from;
            this.to = to;
        }

        private String fileName() {
            return String.format("%012d-%019d-%019d.bodies", number, from, to);
        }

        void add(Disk.File target, BodyBlock block) throws IOException {
            int bytes = block.bytes().remaining();
            target.write(block.bytes().duplicate(), end);
            note(block.address(0), end, bytes);
            end += bytes;
        }

        private void note(long first, int place, int bytes) {
            if (count == firsts.length) {
                firsts = Arrays.copyOf(firsts, 2 * count);
                places = Arrays.copyOf(places, 2 * count);
                lengths = Arrays.copyOf(lengths, 2 * count);
            }
            firsts[count] = first;
            places[count] = place;
            lengths[count] = bytes;
            count++;
        }

        /// Writes the table and makes all bytes durable; closes the file.
        void finish(Disk.File target) throws IOException {
            ByteBuffer table = ByteBuffer.allocate(count * ENTRY_BYTES + TRAILER_BYTES);
            for (int i = 0; i < count; i++) {
                table.putLong(firsts[i]).putInt(places[i]).putInt(lengths[i]);
            }
            table.putInt(count);
            CRC32C crc = new CRC32C();
            crc.update(table.duplicate().flip());
            table.putInt((int) crc.getValue()).putInt(MAGIC).flip();
            end += table.remaining();
            target.write(table, end - table.limit());
            target.sync();
            target.close();
        }

        /// Gives the file its name, durably: from here on it is found at a start.
        BodyFile publish(String directory, String unfinished) throws IOException {
            String name = directory + "/" + fileName();
            disk.rename(unfinished, name);
            disk.syncDirectory(directory);
            return new BodyFile(this, disk.open(name, false), name, end);
        }

        private boolean readTable(Disk.File file, long size) throws IOException {
            if (size < TRAILER_BYTES || size > Integer.MAX_VALUE) {
                return false;
            }
            ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES);
            file.read(trailer, size - TRAILER_BYTES);
            int blocks = trailer.getInt(0);
            long tableBytes = (long) blocks * ENTRY_BYTES;
            if (trailer.getInt(8) != MAGIC
                    || blocks < 0
                    || tableBytes > Math.min(MAX_TABLE_BYTES, size - TRAILER_BYTES)) {
                return false;
            }
            ByteBuffer table = ByteBuffer.allocate((int) tableBytes + Integer.BYTES);
            file.read(table, size - TRAILER_BYTES - tableBytes);
            CRC32C crc = new CRC32C();
            crc.update(table.flip());
            if ((int) crc.getValue() != trailer.getInt(4)) {
                return false;
            }
            table.rewind();
            for (int i = 0; i < blocks; i++) {
                note(table.getLong(), table.getInt(), table.getInt());
            }
            return true;
        }
    }
}
