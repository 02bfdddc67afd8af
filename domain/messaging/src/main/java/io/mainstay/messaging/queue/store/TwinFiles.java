package io.mainstay.messaging.queue.store;

import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/// One file of blocks and its copy, the same bytes in both: what is damaged in one is read from the other and written again.
///
/// ```
/// slot: magic (4) | crc32c of file number, slot and longs (4) | count of longs (8) | longs, big-endian
/// ```
/// Slots are written by the apply thread, each once; any thread reads. What is [closed][#close] opens itself again when it is needed.
final class TwinFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TwinFiles.class);

    /// Names of both, behind the number.
    static final List<String> SUFFIXES = List.of(".blocks", ".copy");

    static final int MAX_LONGS = 4 * 1024;

    private static final int MAGIC = 0x4D535132;

    /// Of files that had no copy yet: the checksum is of the longs alone.
    private static final int FIRST_MAGIC = 0x4D535131;

    private static final int HEADER_BYTES = 16;
    static final int SLOT_BYTES = HEADER_BYTES + MAX_LONGS * Long.BYTES;

    private final Disk disk;
    private final String directory;
    private final long number;
    private final Disk.@Nullable File[] open = new Disk.File[SUFFIXES.size()];
    private final Runnable opened;

    // Guarded by this object, like what is open.

    /// How many read or write now.
    private int users;

    /// What was written may not be on the disk: closed now, a file may hide that it failed.
    private boolean unsynced;

    private boolean deleted;

    /// @param opened runs, on any thread, when a file was opened
    TwinFiles(Disk disk, String directory, long number, Runnable opened) {
        this.disk = disk;
        this.directory = directory;
        this.number = number;
        this.opened = opened;
    }

    /// The number of a file or copy of that name, or -1.
    static long numberOf(String name) {
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                return Long.parseLong(name.substring(0, name.length() - suffix.length()));
            }
        }
        return -1;
    }

    private String name(int twin) {
        return directory + "/" + String.format("%012d", number) + SUFFIXES.get(twin);
    }

    /// Makes both files; their names are durable on return.
    void make() throws IOException {
        synchronized (this) {
            for (int twin = 0; twin < open.length; twin++) {
                open[twin] = disk.open(name(twin), true);
            }
            unsynced = true;
        }
        disk.syncDirectory(directory);
        opened.run();
    }

    private interface Use<T> {
        T with(Disk.File file) throws IOException;
    }

    /// Nobody closes the file meanwhile, but for its deletion.
    private <T> T use(int twin, Use<T> use) throws IOException {
        Disk.File file;
        boolean opens;
        synchronized (this) {
            opens = open[twin] == null;
            file = file(twin);
            users++;
        }
        try {
            return use.with(file);
        } finally {
            synchronized (this) {
                users--;
            }
            if (opens) {
                opened.run();
            }
        }
    }

    private synchronized Disk.File file(int twin) throws IOException {
        Disk.File found = open[twin];
        if (found == null) {
            if (deleted) {
                throw new IOException(disk.describe(name(twin)) + " is deleted");
            }
            found = disk.open(name(twin), false);
            open[twin] = found;
        }
        return found;
    }

    /// @param buffer of [#SLOT_BYTES], to work in
    void write(int slot, long[] block, ByteBuffer buffer) throws IOException {
        ByteBuffer bytes = encoded(slot, block, buffer);
        synchronized (this) {
            unsynced = true;
        }
        for (int twin = 0; twin < open.length; twin++) {
            use(
                    twin,
                    file -> {
                        file.write(bytes.duplicate(), (long) slot * SLOT_BYTES);
                        return file;
                    });
        }
    }

    private ByteBuffer encoded(int slot, long[] block, ByteBuffer into) {
        into.clear().position(HEADER_BYTES);
        into.asLongBuffer().put(block);
        into.putInt(0, MAGIC).putInt(4, crc(slot, into, block.length)).putLong(8, block.length);
        return into.position(0).limit(HEADER_BYTES + block.length * Long.BYTES);
    }

    private int crc(int slot, ByteBuffer bytes, int longs) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putLong(number).putInt(slot).flip());
        return crcOfLongs(crc, bytes, longs);
    }

    private static int crcOfLongs(CRC32C crc, ByteBuffer bytes, int longs) {
        crc.update(bytes.array(), HEADER_BYTES, longs * Long.BYTES);
        return (int) crc.getValue();
    }

    /// The block in a slot.
    ///
    /// @throws IllegalStateException if both files are damaged there
    long[] read(int slot) {
        for (int twin = 0; twin < open.length; twin++) {
            long[] block = readFrom(twin, slot);
            if (block != null) {
                if (twin > 0) {
                    repair(0, slot, block, true);
                }
                return block;
            }
        }
        throw new IllegalStateException(
                "queue index: %s and %s are both damaged at bytes %d to %d: restore the data directory from a backup"
                        .formatted(
                                disk.describe(name(0)),
                                disk.describe(name(1)),
                                (long) slot * SLOT_BYTES,
                                (long) (slot + 1) * SLOT_BYTES));
    }

    /// What stands there; `null` if it is not what was written.
    private long @Nullable [] readFrom(int twin, int slot) {
        ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
        try {
            use(twin, file -> file.read(bytes, (long) slot * SLOT_BYTES));
        } catch (IOException e) {
            return null;
        }
        bytes.flip();
        if (bytes.limit() < HEADER_BYTES) {
            return null;
        }
        long count = bytes.getLong(8);
        if (count <= 0
                || count > MAX_LONGS
                || bytes.limit() < HEADER_BYTES + count * Long.BYTES
                || bytes.getInt(4) != expectedCrc(bytes, slot, (int) count)) {
            return null;
        }
        long[] block = new long[(int) count];
        bytes.position(HEADER_BYTES).asLongBuffer().get(block);
        return block;
    }

    private int expectedCrc(ByteBuffer bytes, int slot, int longs) {
        return switch (bytes.getInt(0)) {
            case MAGIC -> crc(slot, bytes, longs);
            case FIRST_MAGIC -> crcOfLongs(new CRC32C(), bytes, longs);
            default -> ~bytes.getInt(4);
        };
    }

    /// Writes a slot again, durably; that it cannot be done harms nobody now.
    private synchronized void repair(int twin, int slot, long[] block, boolean told) {
        if (deleted) {
            // Whoever reads it comes too late.
            return;
        }
        String name = disk.describe(name(twin));
        try {
            if (!disk.exists(name(twin))) {
                Disk.File before = open[twin];
                if (before != null) {
                    before.close();
                }
                open[twin] = disk.open(name(twin), true);
                disk.syncDirectory(directory);
            }
            Disk.File file = file(twin);
            file.write(
                    encoded(slot, block, ByteBuffer.allocate(SLOT_BYTES)),
                    (long) slot * SLOT_BYTES);
            file.sync();
            if (told) {
                LOG.warn(
                        "queue index: {} was damaged at bytes {} to {} and is written again from its copy; nothing is lost",
                        name,
                        (long) slot * SLOT_BYTES,
                        (long) (slot + 1) * SLOT_BYTES);
            }
        } catch (IOException e) {
            LOG.warn(
                    "queue index: {} is damaged at bytes {} to {} and could not be written again from its copy: {}",
                    name,
                    (long) slot * SLOT_BYTES,
                    (long) (slot + 1) * SLOT_BYTES,
                    e.toString());
        }
    }

    /// At a start: if one of the files is not there or too short, what is used of it is written again from the other.
    ///
    /// @param slots in use
    void mend(Iterable<Integer> slots) {
        int last = 0;
        for (int slot : slots) {
            last = Math.max(last, slot);
        }
        for (int twin = 0; twin < open.length; twin++) {
            if (!isComplete(twin, last)) {
                LOG.warn(
                        "queue index: {} is missing or cut off and is written again from its copy",
                        disk.describe(name(twin)));
                for (int slot : slots) {
                    long[] block = readFrom(twin, slot) == null ? readFrom(1 - twin, slot) : null;
                    if (block != null) {
                        repair(twin, slot, block, false);
                    }
                }
            }
        }
    }

    private boolean isComplete(int twin, int lastSlot) {
        try {
            return disk.exists(name(twin))
                    && use(twin, Disk.File::size) > (long) lastSlot * SLOT_BYTES + HEADER_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    void sync() throws IOException {
        for (int twin = 0; twin < open.length; twin++) {
            use(
                    twin,
                    file -> {
                        file.sync();
                        return file;
                    });
        }
        synchronized (this) {
            unsynced = false;
        }
    }

    synchronized boolean isOpen() {
        for (Disk.File file : open) {
            if (file != null) {
                return true;
            }
        }
        return false;
    }

    /// Closes what is open, unless somebody is at it or it is not synced.
    synchronized void close() {
        if (users > 0 || unsynced) {
            return;
        }
        for (int twin = 0; twin < open.length; twin++) {
            Disk.File closing = open[twin];
            if (closing != null) {
                open[twin] = null;
                try {
                    closing.close();
                } catch (IOException e) {
                    LOG.warn(
                            "queue index: {} could not be closed: {}",
                            disk.describe(name(twin)),
                            e.toString());
                }
            }
        }
    }

    /// Nobody opens them any more.
    synchronized void delete() {
        deleted = true;
        for (int twin = 0; twin < open.length; twin++) {
            try {
                Disk.File closing = open[twin];
                if (closing != null) {
                    closing.close();
                    open[twin] = null;
                }
                disk.delete(name(twin));
            } catch (IOException e) {
                LOG.warn(
                        "queue index: {} could not be deleted and takes space until the node is started again: {}",
                        disk.describe(name(twin)),
                        e.toString());
            }
        }
    }
}
