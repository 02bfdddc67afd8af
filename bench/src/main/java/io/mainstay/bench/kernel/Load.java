package io.mainstay.bench.kernel;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroup;

import org.HdrHistogram.Histogram;

import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/// Proposes one command a time, as many under way as were asked for, for a while.
final class Load {

    private Load() {}

    /// @param groupOf which raft group takes the command of that number
    /// @param latency gets the nanoseconds from proposal to answer of each
    static Rate run(
            LongFunction<RaftGroup> groupOf,
            int payloadBytes,
            int inFlight,
            long nanos,
            Histogram latency)
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
                groupOf.apply(proposed++).propose(proposal);
            }
        }
        free.acquire(inFlight);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (failed.get() > 0) {
            throw new IllegalStateException(failed + " commands were refused: no figure");
        }
        return new Rate(proposed, payloadBytes, seconds, Rate.processCpuSeconds() - cpuBefore);
    }
}
