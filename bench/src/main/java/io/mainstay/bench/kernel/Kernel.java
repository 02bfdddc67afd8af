package io.mainstay.bench.kernel;

import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The raft groups of one voter on a real disk, as a node runs them, without heads.
final class Kernel implements AutoCloseable {

    private static final int DATA_GROUPS = 8;

    private final SegmentedJournal journal;
    private final RaftGroups groups;

    /// @param snapshotLogBytes see [RaftGroupsConfig]
    Kernel(Path directory, long snapshotLogBytes) throws IOException, InterruptedException {
        Platform platform = RealPlatform.at(directory);
        journal = SegmentedJournal.open(JournalConfig.DEFAULT, platform);
        RaftGroupsConfig config =
                new RaftGroupsConfig(
                        1, DATA_GROUPS, snapshotLogBytes, Duration.ofHours(1), 64L << 20);
        groups = RaftGroups.open(config, platform, journal, id -> List.of(new CountingMachine()));
        groups.start();
        if (!groups.awaitReady(Duration.ofMinutes(5))) {
            throw new IOException("the raft groups were not ready within five minutes");
        }
    }

    /// Proposes one command a time, `inFlight` under way in all, to the first `spread` data groups in turn.
    ///
    /// @param latency gets the nanoseconds from proposal to answer of each
    Rate run(int payloadBytes, int inFlight, int spread, long nanos, Histogram latency)
            throws InterruptedException {
        return Load.run(
                number -> groups.group(1 + (int) (number % spread)),
                payloadBytes,
                inFlight,
                nanos,
                latency);
    }

    /// Processor time of this process over `nanos` without any load, in seconds per second.
    static double idleCores(long nanos) throws InterruptedException {
        double before = Rate.processCpuSeconds();
        long start = System.nanoTime();
        Thread.sleep(Duration.ofNanos(nanos));
        return (Rate.processCpuSeconds() - before) / ((System.nanoTime() - start) / 1e9);
    }

    long journalBytes() {
        return journal.end();
    }

    @Override
    public void close() throws IOException {
        groups.close();
        journal.close();
    }
}
