package io.mainstay.messaging.queue.store;

import io.mainstay.messaging.queue.state.BlockStore;
import io.mainstay.platform.Disk;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Blocks of queue indexes in files of one group, `index/<group>/<number>.blocks` and a copy of each, see [TwinFiles], with [#BLOCKS] slots that are written
/// once, in order.
///
/// A handle is file number × slots + slot + 1. A file goes when nothing in it is used and a snapshot that does without it is durable; a start begins a new
/// file. Apply thread only, but for [#get].
public final class IndexFiles implements BlockStore {

    private static final Logger LOG = LoggerFactory.getLogger(IndexFiles.class);

    private static final int BLOCKS = 256;

    /// Files, each with its copy, that stay open: as many queues can be read from different ones without opening any.
    static final int MOST_OPEN = 16;

    private final Disk disk;
    private final String directory;
    private final Map<Long, TwinFiles> files = new ConcurrentHashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(TwinFiles.SLOT_BYTES);

    /// When each file was used last, by a count of uses.
    private final Map<Long, Long> lastUses = new ConcurrentHashMap<>();

    private final AtomicLong uses = new AtomicLong();

    /// Blocks in use, by file.
    private final Map<Long, Integer> used = new HashMap<>();

    private final Set<Long> unsynced = new HashSet<>();

    /// Files without a block in use: before the last snapshot was taken, and since.
    private final Set<Long> goesWithSnapshot = new HashSet<>();

    private final Set<Long> goesLater = new HashSet<>();
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
            files(file).write(slot, block, buffer);
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
            file = Math.max(file, TwinFiles.numberOf(name));
        }
        file++;
        files(file).make();
        used.put(file, 0);
        slot = 0;
    }

    private TwinFiles files(long number) {
        lastUses.put(number, uses.incrementAndGet());
        return files.computeIfAbsent(
                number, n -> new TwinFiles(disk, directory, n, this::closeSome));
    }

    /// A file was opened: those that nobody used for long are closed. Any thread.
    private void closeSome() {
        List<Long> open = new ArrayList<>();
        files.forEach(
                (number, twins) -> {
                    if (twins.isOpen()) {
                        open.add(number);
                    }
                });
        if (open.size() <= MOST_OPEN) {
            return;
        }
        Map<Long, Long> seen = Map.copyOf(lastUses);
        open.sort(Comparator.comparingLong(number -> seen.getOrDefault(number, 0L)));
        for (long number : open.subList(0, open.size() - MOST_OPEN)) {
            TwinFiles twins = files.get(number);
            if (twins != null) {
                twins.close();
            }
        }
    }

    @Override
    public long[] get(long handle) {
        return files((handle - 1) / BLOCKS).read((int) ((handle - 1) % BLOCKS));
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
                files(number).sync();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unsynced.clear();
        closeSome();
        goesWithSnapshot.addAll(goesLater);
        goesLater.clear();
    }

    @Override
    public void snapshotDurable() {
        goesWithSnapshot.forEach(this::delete);
        goesWithSnapshot.clear();
    }

    private void delete(long number) {
        used.remove(number);
        // It stays known as deleted as long as somebody who reads beside us may hold it.
        files(number).delete();
        files.remove(number);
        lastUses.remove(number);
    }

    @Override
    public void restored(Iterable<Long> handles) {
        used.clear();
        goesLater.clear();
        goesWithSnapshot.clear();
        unsynced.clear();
        slot = BLOCKS;
        Map<Long, Set<Integer>> slots = new TreeMap<>();
        for (long handle : handles) {
            long number = (handle - 1) / BLOCKS;
            used.merge(number, 1, Integer::sum);
            slots.computeIfAbsent(number, n -> new TreeSet<>()).add((int) ((handle - 1) % BLOCKS));
        }
        Set<Long> unused = new TreeSet<>();
        try {
            for (String name : disk.list(directory)) {
                unused.add(TwinFiles.numberOf(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        unused.remove(-1L);
        unused.removeAll(used.keySet());
        unused.forEach(this::delete);
        slots.forEach((number, its) -> files(number).mend(its));
    }
}
