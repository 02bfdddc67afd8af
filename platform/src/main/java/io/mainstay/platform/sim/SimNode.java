package io.mainstay.platform.sim;

import io.mainstay.common.Check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Content of one simulated file: what a reader sees, what is durable, and the writes in between. Guarded by the disk.
final class SimNode {

    /// What a disk writes wholly or not at all.
    static final int SECTOR_BYTES = 512;

    private byte[] seen = new byte[0];
    private int size;
    private byte[] durable = new byte[0];
    private final List<Change> unsynced = new ArrayList<>();

    int size() {
        return size;
    }

    byte[] content() {
        return Arrays.copyOf(seen, size);
    }

    int read(byte[] target, int position) {
        int count = Math.max(0, Math.min(target.length, size - position));
        if (count > 0) {
            System.arraycopy(seen, position, target, 0, count);
        }
        return count;
    }

    void write(byte[] bytes, int position) {
        apply(new Change(position, bytes));
        unsynced.add(new Change(position, bytes));
    }

    void truncate(int newSize) {
        if (newSize < size) {
            apply(new Change(newSize, null));
            unsynced.add(new Change(newSize, null));
        }
    }

    private void apply(Change change) {
        byte[] bytes = change.bytes();
        if (bytes == null) {
            if (change.position() < size) {
                Arrays.fill(seen, change.position(), size, (byte) 0);
                size = change.position();
            }
            return;
        }
        int behind = change.position() + bytes.length;
        if (behind > seen.length) {
            seen = Arrays.copyOf(seen, Math.max(behind, seen.length * 2));
        }
        System.arraycopy(bytes, 0, seen, change.position(), bytes.length);
        size = Math.max(size, behind);
    }

    void sync() {
        boolean truncated = unsynced.stream().anyMatch(change -> change.bytes() == null);
        if (truncated || durable.length != size) {
            durable = content();
        } else {
            // A file of fixed size, which is the common case, must not cost a copy of all of it.
            for (Change change : unsynced) {
                int length = Check.present(change.bytes(), "a write").length;
                System.arraycopy(seen, change.position(), durable, change.position(), length);
            }
        }
        unsynced.clear();
    }

    /// Replaces the content, durable at once: how a test damages a file.
    void replace(byte[] bytes) {
        seen = bytes.clone();
        size = bytes.length;
        durable = content();
        unsynced.clear();
    }

    /// What the platters hold when the current comes back: of each unsynced write all, nothing, or some of its sectors.
    void powerCut(RandomGenerator random) {
        List<Change> pending = List.copyOf(unsynced);
        replace(durable);
        double kept = random.nextDouble();
        for (Change change : pending) {
            byte[] bytes = change.bytes();
            boolean whole = random.nextDouble() < kept;
            if (whole) {
                apply(change);
            } else if (bytes != null && random.nextBoolean()) {
                keepSomeSectors(change.position(), bytes, random);
            }
        }
        replace(content());
    }

    private void keepSomeSectors(int position, byte[] bytes, RandomGenerator random) {
        int at = 0;
        while (at < bytes.length) {
            int sectorEnd = ((position + at) / SECTOR_BYTES + 1) * SECTOR_BYTES - position;
            int end = Math.min(sectorEnd, bytes.length);
            if (random.nextBoolean()) {
                apply(new Change(position + at, Arrays.copyOfRange(bytes, at, end)));
            }
            at = end;
        }
    }

    SimNode copy() {
        SimNode copy = new SimNode();
        copy.replace(content());
        return copy;
    }

    /// A write, or a truncation to `position` if `bytes` is `null`.
    @SuppressWarnings("ArrayRecordComponent")
    private record Change(int position, byte @org.jspecify.annotations.Nullable [] bytes) {}
}
