package io.mainstay.platform.sim;

import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A disk in memory that keeps apart what is seen and what is durable.
///
/// - [#powerCut] loses bytes that no [File#sync()] covered (any subset of the writes survives, torn at sectors of 512 bytes) and names that
///   no [#syncDirectory(String)] covered (any subset of makings, renamings and deletions survives, in their order).
/// - [#killProcess()] loses nothing: the operating system has the bytes.
///
/// After both, files opened before throw and the disk can be opened anew. Everything is guarded by the disk; any thread.
public final class SimDisk implements Disk {

    private static final long MAX_FILE_BYTES = 1L << 30;

    private final TreeMap<String, SimNode> seen = new TreeMap<>();
    private final TreeMap<String, SimNode> durable = new TreeMap<>();
    private final List<NameChange> unsynced = new ArrayList<>();
    private final Set<String> locks = new HashSet<>();
    private final long totalBytes;
    private long takenByOthers;
    private int life;
    private boolean failNextSync;
    private boolean failNextWrite;
    private long syncs;

    /// @param totalBytes size of the disk; a write that does not fit fails as on a full file system
    public SimDisk(long totalBytes) {
        this.totalBytes = totalBytes;
    }

    /// The current fails. What was not synced survives by chance.
    public synchronized void powerCut(RandomGenerator random) {
        double kept = random.nextDouble();
        for (NameChange change : unsynced) {
            if (random.nextDouble() < kept) {
                change.apply(durable);
            }
        }
        Set<SimNode> nodes = new HashSet<>();
        for (SimNode node : durable.values()) {
            if (nodes.add(node)) {
                node.powerCut(random);
            }
        }
        seen.clear();
        seen.putAll(durable);
        unsynced.clear();
        killProcess();
    }

    /// The process ends without a word; what it wrote is seen by the next one.
    public synchronized void killProcess() {
        life++;
        locks.clear();
        failNextSync = false;
        failNextWrite = false;
    }

    /// The next sync of a file fails.
    public synchronized void failNextSync() {
        failNextSync = true;
    }

    /// The next write to a file fails.
    public synchronized void failNextWrite() {
        failNextWrite = true;
    }

    /// Somebody else's files take `bytes` of the disk.
    public synchronized void takenByOthers(long bytes) {
        takenByOthers = bytes;
    }

    /// Successful syncs of files so far.
    public synchronized long syncs() {
        return syncs;
    }

    /// The bytes of a file as a reader sees them.
    public synchronized byte[] content(String name) throws IOException {
        return node(name).content();
    }

    /// Replaces the bytes of a file, durable at once: how a test damages it. Makes the file if need be.
    public synchronized void replace(String name, byte[] bytes) {
        SimNode node = seen.computeIfAbsent(name, missing -> new SimNode());
        durable.put(name, node);
        node.replace(bytes);
    }

    /// A disk of its own with the same files, all durable.
    public synchronized SimDisk copy() {
        SimDisk copy = new SimDisk(totalBytes);
        seen.forEach((name, node) -> copy.seen.put(name, node.copy()));
        copy.durable.putAll(copy.seen);
        return copy;
    }

    @Override
    public synchronized File open(String name, boolean create) throws IOException {
        SimNode node = seen.get(name);
        if (node == null) {
            if (!create) {
                throw new FileNotFoundException(describe(name));
            }
            node = new SimNode();
            change(new NameChange(node, null, name));
        }
        return new OpenFile(name, node, life);
    }

    @Override
    public synchronized boolean exists(String name) {
        return seen.containsKey(name);
    }

    @Override
    public synchronized List<String> list(String directory) {
        List<String> names = new ArrayList<>();
        for (String name : seen.keySet()) {
            if (directoryOf(name).equals(directory)) {
                names.add(name.substring(name.lastIndexOf('/') + 1));
            }
        }
        return names;
    }

    @Override
    public synchronized void delete(String name) {
        SimNode node = seen.get(name);
        if (node != null) {
            change(new NameChange(node, name, null));
        }
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        change(new NameChange(node(from), from, to));
    }

    private void change(NameChange change) {
        change.apply(seen);
        unsynced.add(change);
    }

    @Override
    public synchronized void syncDirectory(String directory) {
        unsynced.removeIf(
                change -> {
                    boolean touches = change.touches(directory);
                    if (touches) {
                        change.apply(durable);
                    }
                    return touches;
                });
    }

    @Override
    public synchronized long usableBytes() {
        long used = takenByOthers;
        for (SimNode node : seen.values()) {
            used += node.size();
        }
        return Math.max(0, totalBytes - used);
    }

    @Override
    public long totalBytes() {
        return totalBytes;
    }

    @Override
    public synchronized @Nullable Closeable tryLock(String name) {
        int owner = life;
        if (!locks.add(name)) {
            return null;
        }
        return () -> unlock(name, owner);
    }

    private synchronized void unlock(String name, int owner) {
        if (owner == life) {
            locks.remove(name);
        }
    }

    @Override
    public String describe(String name) {
        return "sim:" + name;
    }

    private SimNode node(String name) throws FileNotFoundException {
        SimNode node = seen.get(name);
        if (node == null) {
            throw new FileNotFoundException(describe(name));
        }
        return node;
    }

    private static String directoryOf(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    /// A making (`from` is `null`), a deletion (`to` is `null`) or a renaming.
    private record NameChange(SimNode node, @Nullable String from, @Nullable String to) {

        void apply(TreeMap<String, SimNode> names) {
            if (from != null && !names.remove(from, node)) {
                // An earlier change of this name did not survive: neither does this one, but the
                // file is not lost.
                return;
            }
            if (to != null) {
                names.put(to, node);
            }
        }

        boolean touches(String directory) {
            return (from != null && directoryOf(from).equals(directory))
                    || (to != null && directoryOf(to).equals(directory));
        }
    }

    private final class OpenFile implements File {
        private final String name;
        private final SimNode node;
        private final int openedIn;
        private boolean closed;

        OpenFile(String name, SimNode node, int openedIn) {
            this.name = name;
            this.node = node;
            this.openedIn = openedIn;
        }

        private void refuseIfGone() throws IOException {
            if (closed || openedIn != life) {
                throw new IOException(describe(name) + " is closed");
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimDisk.this) {
                refuseIfGone();
                if (failNextWrite) {
                    failNextWrite = false;
                    throw new IOException("Input/output error");
                }
                long growth = position + source.remaining() - node.size();
                if (position + source.remaining() > MAX_FILE_BYTES || growth > usableBytes()) {
                    throw new IOException("No space left on device");
                }
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                node.write(bytes, (int) position);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimDisk.this) {
                refuseIfGone();
                if (position >= node.size()) {
                    return 0;
                }
                byte[] bytes = new byte[target.remaining()];
                int count = node.read(bytes, (int) position);
                target.put(bytes, 0, count);
                return count;
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimDisk.this) {
                refuseIfGone();
                return node.size();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimDisk.this) {
                refuseIfGone();
                node.truncate((int) Math.min(size, node.size()));
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimDisk.this) {
                refuseIfGone();
                if (failNextSync) {
                    failNextSync = false;
                    throw new IOException("Input/output error");
                }
                node.sync();
                syncs++;
            }
        }

        @Override
        public void close() {
            synchronized (SimDisk.this) {
                closed = true;
            }
        }
    }
}
