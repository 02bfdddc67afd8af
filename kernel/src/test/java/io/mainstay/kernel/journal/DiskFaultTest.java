package io.mainstay.kernel.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.kernel.journal.Journal.JournalFailedException;
import io.mainstay.kernel.journal.Journal.JournalFullException;
import io.mainstay.platform.sim.SimClock;
import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.TreeMap;

class DiskFaultTest {

    private static final JournalConfig WATERMARK = new JournalConfig(64 << 10, 1 << 20);

    @Test
    void aFullDiskTakesOnlyWhatFreesSpaceAndComesBack() throws IOException {
        SimDisk disk = new SimDisk(4 << 20);
        TreeMap<Long, byte[]> replayed = new TreeMap<>();
        SimClock clock = new SimClock(0);
        SegmentedJournal journal =
                JournalFixture.open(WATERMARK, disk, clock, new SplittableRandom(1), replayed);
        long end = append(journal, false);
        journal.flush();
        journal.sync();
        disk.takenByOthers(disk.totalBytes());
        clock.advance(Duration.ofMillis(50));
        append(journal, false);
        journal.flush();
        journal.sync();

        assertThat(journal.full()).isTrue();
        assertThatThrownBy(() -> append(journal, false))
                .isInstanceOf(JournalFullException.class)
                .hasMessageContaining("disk.watermark-bytes");
        journal.read(end, ByteBuffer.allocate(1_000));
        // The reserve ends some time, and that is no failure either.
        assertThatThrownBy(() -> appendFromReserveForever(journal))
                .isInstanceOf(JournalFullException.class);
        assertThat(journal.failed()).isFalse();

        disk.takenByOthers(0);
        append(journal, false);
        journal.close();
        JournalFixture.open(WATERMARK, disk, clock, new SplittableRandom(1), replayed).close();
        assertThat(replayed).hasSizeGreaterThan(60);
    }

    private static void appendFromReserveForever(SegmentedJournal journal) throws IOException {
        for (int i = 0; i < 10_000; i++) {
            append(journal, true);
            journal.flush();
            journal.sync();
        }
    }

    private static long append(SegmentedJournal journal, boolean fromReserve) {
        ByteBuffer payload = ByteBuffer.allocate(1_000);
        return journal.append(RecordType.BATCH, 1, 0, 0, 1, payload, fromReserve);
    }

    @Test
    void aFailedSyncEndsAllWritesOfThisProcess() throws IOException {
        JournalFixture fixture = new JournalFixture(new SimDisk(1L << 30), 1);
        long durable = fixture.append(1, 100);
        fixture.sync();
        fixture.append(1, 100);
        fixture.journal.flush();
        fixture.disk.failNextSync();
        assertThatThrownBy(fixture.journal::sync).isInstanceOf(JournalFailedException.class);

        assertThat(fixture.journal.failed()).isTrue();
        assertThat(fixture.journal.synced()).isEqualTo(durable);
        assertThatThrownBy(() -> fixture.append(1, 100)).isInstanceOf(JournalFailedException.class);
        assertThatThrownBy(fixture.journal::sync).isInstanceOf(JournalFailedException.class);
        fixture.journal.read(durable, ByteBuffer.allocate(100));
        fixture.journal.close();
    }

    @Test
    void aFailedWriteEndsAllWritesOfThisProcess() throws IOException {
        JournalFixture fixture = new JournalFixture(new SimDisk(1L << 30), 1);
        fixture.append(1, 100);
        fixture.disk.failNextWrite();
        assertThatThrownBy(fixture.journal::flush).isInstanceOf(JournalFailedException.class);
        assertThatThrownBy(() -> fixture.append(1, 100)).isInstanceOf(JournalFailedException.class);
        fixture.journal.close();
    }
}
