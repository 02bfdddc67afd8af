package io.mainstay.kernel.journal;

import io.mainstay.platform.Platform;
import io.mainstay.platform.real.SystemThreads;
import io.mainstay.platform.sim.SimClock;
import io.mainstay.platform.sim.SimDisk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A journal on a simulated disk, and the payloads that it was given.
final class JournalFixture {

    static final JournalConfig SMALL = new JournalConfig(64 << 10, 0);

    /// By the position behind the record.
    final TreeMap<Long, byte[]> written = new TreeMap<>();

    final SimDisk disk;
    final RandomGenerator random;
    SegmentedJournal journal;

    JournalFixture(SimDisk disk, long seed) throws IOException {
        this.disk = disk;
        this.random = new SplittableRandom(seed);
        this.journal = open(disk, random, new TreeMap<>());
    }

    static SegmentedJournal open(
            SimDisk disk, RandomGenerator random, TreeMap<Long, byte[]> replayed)
            throws IOException {
        return open(SMALL, disk, new SimClock(0), random, replayed);
    }

    static SegmentedJournal open(
            JournalConfig config,
            SimDisk disk,
            SimClock clock,
            RandomGenerator random,
            TreeMap<Long, byte[]> replayed)
            throws IOException {
        Platform platform = new Platform(clock, random, disk, new SystemThreads());
        SegmentedJournal journal = SegmentedJournal.open(config, platform);
        journal.replay(
                (type, group, baseOffset, lastOffset, epoch, recordEnd, payload) -> {
                    if (type == RecordType.BATCH) {
                        byte[] bytes = new byte[payload.remaining()];
                        payload.duplicate().get(bytes);
                        replayed.put(recordEnd, bytes);
                    }
                });
        return journal;
    }

    long append(int group, int bytes) {
        byte[] payload = new byte[bytes];
        random.nextBytes(payload);
        long offset = written.size();
        long end =
                journal.append(
                        RecordType.BATCH,
                        group,
                        offset,
                        offset,
                        1,
                        ByteBuffer.wrap(payload),
                        false);
        written.put(end, payload);
        return end;
    }

    void sync() throws IOException {
        journal.flush();
        journal.sync();
    }

    /// The records of `actual` are what was written, from the first of them to the last without a hole.
    static boolean isRunOf(TreeMap<Long, byte[]> written, TreeMap<Long, byte[]> actual) {
        if (actual.isEmpty()) {
            return true;
        }
        var expected = written.subMap(actual.firstKey(), true, actual.lastKey(), true);
        return expected.keySet().equals(actual.keySet())
                && expected.entrySet().stream()
                        .allMatch(e -> Arrays.equals(e.getValue(), actual.get(e.getKey())));
    }
}
