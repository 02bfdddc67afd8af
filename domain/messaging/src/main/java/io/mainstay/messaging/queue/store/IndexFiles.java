package io.mainstay.messaging.queue.store;

import io.mainstay.messaging.queue.state.BlockStore;
import io.mainstay.platform.Disk;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/// Blocks of queue indexes in files of one group, `index/<group>/<number>.blocks`, each with [#BLOCKS] slots that are written once, in order.
///
/// ```
/// slot: magic (4) | crc32c of the longs (4) | count of longs (8) | longs, big-endian
/// ```
/// A handle is file number × slots + slot + 1. A file goes when nothing in it is used and a snapshot that does without it is durable; a start begins a new
/// file. Apply thread only, but for [#get].
public final class IndexFiles implements BlockStore {

    private static final Logger LOG = LoggerFactory.getLogger(IndexFiles.class);

    private static final int BLOCKS = 256;
    private static final int MAGIC = 0x4D535131;
    private static final int HEADER_BYTES = 16;
    private static final int MAX_LONGS = 4 * 1024;
    private static final int SLOT_BYTES = HEADER_BYTES + MAX_LONGS * Long.BYTES;
    private static final String SUFFIX = ".blocks";

    private final Disk disk;
    private final String directory;
    private final Map<Long, Disk.File> open = new ConcurrentHashMap<>();

    /// Blocks in use, by file.
    private final Map<Long, Integer> used = new HashMap<>();

    private final Set<Long> unsynced = new HashSet<>();

    /// Files without a block in use: before the last snapshot was taken, and since.
    private final Set<Long> goesWithSnapshot = new HashSet<>();

    private final Set<Long> goesLater = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(SLOT_BYTES);
    private long file = -1;
    private int slot = BLOCKS;

    public IndexFiles(Disk disk, int group) {
        this.disk = disk;
        this.directory = "index/" + group;
    }

    @Override
    public long put(long[] block) {
        try {
            if (slot == BLOCKS) {
                begin();
            }
            buffer.clear().position(HEADER_BYTES);
            buffer.asLongBuffer().put(block);
            CRC32C crc = new CRC32C();
            crc.update(buffer.array(), HEADER_BYTES, block.length * Long.BYTES);
            buffer.putInt(0, MAGIC).putInt(4, (int) crc.getValue()).putLong(8, block.length);
            buffer.position(0).limit(HEADER_BYTES + block.length * Long.BYTES);
            file(file).write(buffer, (long) slot * SLOT_BYTES);
        } catch (IOException e) {
            LOG.warn(
                    "queue index: {} cannot be written; the block stays in memory: {}",
                    disk.describe(directory),
                    e.toString());
            return 0;
        }
        unsynced.add(file);
        used.merge(file, 1, Integer::sum);
        return file * BLOCKS + slot++ + 1;
    }

    private void begin() throws IOException {
        for (String name : disk.list(directory)) {
            if (name.endsWith(SUFFIX)) {
                file = Math.max(file, number(name));
            }
        }
        file++;
        slot = 0;
        open.put(file, disk.open(name(file), true));
        used.put(file, 0);
        disk.syncDirectory(directory);
    }

    private String name(long number) {
        return directory + "/" + String.format("%012d", number) + SUFFIX;
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private Disk.File file(long number) throws IOException {
        Disk.File found = open.get(number);
        return found == null ? openFile(number) : found;
    }

    private synchronized Disk.File openFile(long number) throws IOException {
        Disk.File found = open.get(number);
        if (found == null) {
            found = disk.open(name(number), false);
            open.put(number, found);
        }
        return found;
    }

    @Override
    public long[] get(long handle) {
        long number = (handle - 1) / BLOCKS;
        int at = (int) ((handle - 1) % BLOCKS);
        ByteBuffer buffer = ByteBuffer.allocate(SLOT_BYTES);
        try {
            file(number).read(buffer, (long) at * SLOT_BYTES);
            buffer.flip();
            if (buffer.limit() >= HEADER_BYTES && buffer.getInt(0) == MAGIC) {
                long count = buffer.getLong(8);
                if (count > 0
                        && count <= MAX_LONGS
                        && buffer.limit() >= HEADER_BYTES + count * Long.BYTES) {
                    CRC32C crc = new CRC32C();
                    crc.update(buffer.array(), HEADER_BYTES, (int) count * Long.BYTES);
                    if ((int) crc.getValue() == buffer.getInt(4)) {
                        long[] block = new long[(int) count];
                        buffer.position(HEADER_BYTES).asLongBuffer().get(block);
                        return block;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(
                "queue index: "
                        + disk.describe(name(number))
                        + " is damaged at bytes "
                        + (long) at * SLOT_BYTES
                        + " to "
                        + (long) (at + 1) * SLOT_BYTES
                        + ": restore the data directory from a backup");
    }

    @Override
    public void free(long handle) {
        long number = (handle - 1) / BLOCKS;
        if (used.merge(number, -1, Integer::sum) == 0 && (number != file || slot == BLOCKS)) {
            goesLater.add(number);
        }
    }

    @Override
    public void sync() {
        try {
            for (long number : unsynced) {
                file(number).sync();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unsynced.clear();
        goesWithSnapshot.addAll(goesLater);
        goesLater.clear();
    }

    @Override
    public void snapshotDurable() {
        goesWithSnapshot.forEach(this::delete);
        goesWithSnapshot.clear();
    }

    /// Nobody opens it meanwhile.
    private synchronized void delete(long number) {
        used.remove(number);
        try {
            Disk.File closing = open.remove(number);
            if (closing != null) {
                closing.close();
            }
            disk.delete(name(number));
        } catch (IOException e) {
            LOG.warn(
                    "queue index: {} could not be deleted and takes space until the node is started again: {}",
                    disk.describe(name(number)),
                    e.toString());
        }
    }

    @Override
    public void restored(Iterable<Long> handles) {
        used.clear();
        goesLater.clear();
        goesWithSnapshot.clear();
        unsynced.clear();
        slot = BLOCKS;
        for (long handle : handles) {
            used.merge((handle - 1) / BLOCKS, 1, Integer::sum);
        }
        List<Long> unused = new ArrayList<>();
        try {
            for (String name : disk.list(directory)) {
                if (name.endsWith(SUFFIX) && !used.containsKey(number(name))) {
                    unused.add(number(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unused.forEach(this::delete);
    }
}
