package io.mainstay.client.internal;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/// Time that passes when a test says so.
final class VirtualLoop implements Loop {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(
                    Comparator.comparingLong((Task task) -> task.atMs)
                            .thenComparingLong(task -> task.order));
    private final Random random = new Random(1);
    private long nowMs = 1_000_000;
    private long orders;

    private record Task(long atMs, long order, Runnable work) {}

    @Override
    public void execute(Runnable work) {
        schedule(0, work);
    }

    @Override
    public Runnable schedule(long delayMs, Runnable work) {
        Task task = new Task(nowMs + delayMs, orders++, work);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    @Override
    public long nanoTime() {
        return nowMs * 1_000_000;
    }

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public double random() {
        return random.nextDouble();
    }

    /// Runs what is due within `ms`.
    void pass(long ms) {
        long end = nowMs + ms;
        while (!tasks.isEmpty() && tasks.peek().atMs <= end) {
            Task next = tasks.poll();
            nowMs = Math.max(nowMs, next.atMs);
            next.work.run();
        }
        nowMs = end;
    }

    /// The process stands still: time goes on, and nothing runs.
    void standStill(long ms) {
        nowMs += ms;
    }
}
