package io.mainstay.kernel.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.TreeMap;

/// The current fails at any moment, again and again: what was synced is there, and nothing else than what was written.
class PowerCutTest {

    private static final int SEEDS = 300;
    private static final int CUTS = 4;

    @Test
    void everythingBelowTheSyncedPositionSurvives() throws IOException {
        long cutBytes = 0;
        long recycled = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            JournalFixture fixture = new JournalFixture(new SimDisk(1L << 30), seed);
            long released = 0;
            for (int cut = 0; cut < CUTS; cut++) {
                released = Math.max(released, work(fixture));
                long synced = fixture.journal.synced();
                released = Math.min(released, synced);
                fixture.disk.powerCut(fixture.random);

                TreeMap<Long, byte[]> replayed = new TreeMap<>();
                fixture.journal = JournalFixture.open(fixture.disk, fixture.random, replayed);
                assertThat(JournalFixture.isRunOf(fixture.written, replayed))
                        .describedAs("seed %d: nothing but what was written", seed)
                        .isTrue();
                assertThat(replayed.keySet())
                        .describedAs("seed %d: what was synced and not released", seed)
                        .containsAll(
                                fixture.written.subMap(released, false, synced, true).keySet());
                // What did not survive is void: its positions are given to other records.
                fixture.written.tailMap(fixture.journal.end(), false).clear();
                cutBytes += fixture.journal.stats().bytesCutAtStart();
                recycled += JournalFiles.names(fixture.disk).firstKey() > 1 ? 1 : 0;
            }
            fixture.journal.close();
            assertThat(JournalVerifier.verify(fixture.disk).damages())
                    .describedAs("seed %d", seed)
                    .isEmpty();
        }
        // A run in which nothing was torn and nothing recycled proves nothing.
        assertThat(cutBytes).isPositive();
        assertThat(recycled).isPositive();
    }

    /// Appends, flushes, syncs and releases at random. Returns the highest position released.
    private static long work(JournalFixture fixture) throws IOException {
        long released = 0;
        int steps = 20 + fixture.random.nextInt(200);
        for (int step = 0; step < steps; step++) {
            long end = fixture.append(1, 1 + fixture.random.nextInt(6_000));
            switch (fixture.random.nextInt(8)) {
                case 0 -> fixture.sync();
                case 1 -> fixture.journal.flush();
                case 2 -> {
                    if (fixture.random.nextInt(4) == 0) {
                        fixture.journal.release(1, end);
                        released = end;
                    }
                }
                default -> {}
            }
        }
        return released;
    }
}
