package io.mainstay.bench.kernel;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

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
        ByteBuffer payload = ByteBuffer.allocate(payloadBytes);
        Semaphore free = new Semaphore(inFlight);
        AtomicLong failed = new AtomicLong();
        double cpuBefore = Rate.processCpuSeconds();
        long start = System.nanoTime();
        long proposed = 0;
        while (System.nanoTime() - start < nanos) {
            free.acquire();
            int permits = 1 + free.drainPermits();
            for (int i = 0; i < permits; i++) {
                long at = System.nanoTime();
                Proposal proposal =
                        new Proposal(
                                Durability.QUORUM_FSYNC,
                                outcome -> {
                                    if (!(outcome instanceof Outcome.Applied)) {
                                        failed.incrementAndGet();
                                    }
                                    // All answers come on the one apply thread.
                                    latency.recordValue(System.nanoTime() - at);
                                    free.release();
                                });
                proposal.add(MachineId.PROBE, 1, payload.duplicate());
                groups.group(1 + (int) (proposed++ % spread)).propose(proposal);
            }
        }
        free.acquire(inFlight);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (failed.get() > 0) {
            throw new IllegalStateException(failed + " commands were refused: no figure");
        }
        return new Rate(proposed, payloadBytes, seconds, Rate.processCpuSeconds() - cpuBefore);
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
