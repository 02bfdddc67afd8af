package io.mainstay.kernel.group;

import io.mainstay.platform.Clock;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.raft.ExpirationService;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Ends what the engine parks: fetches that wait for news. The engine waits for its own commits with the largest time there is; such a wait
/// is not kept here. Driver thread only.
final class Expirations implements ExpirationService {

    private final Clock clock;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong(Waiting::deadline)
                            .thenComparingLong(Waiting::sequence));
    private long sequence;

    Expirations(Clock clock) {
        this.clock = clock;
    }

    @Override
    public <T> CompletableFuture<T> failAfter(long timeoutMs) {
        CompletableFuture<T> future = new CompletableFuture<>();
        if (timeoutMs < Integer.MAX_VALUE) {
            long deadline = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            waiting.add(new Waiting(deadline, sequence++, future));
        }
        return future;
    }

    /// Ends what is due; returns the nanoseconds until the next is.
    long expire() {
        long now = clock.nanoTime();
        for (Waiting first = waiting.peek(); first != null; first = waiting.peek()) {
            if (!first.future.isDone()) {
                if (first.deadline > now) {
                    return first.deadline - now;
                }
                first.future.completeExceptionally(new TimeoutException("nothing new"));
            }
            waiting.remove();
        }
        return Long.MAX_VALUE;
    }

    private record Waiting(long deadline, long sequence, CompletableFuture<?> future) {}
}
