package io.mainstay.access.service;

import io.mainstay.platform.Threads;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs password hashing away from event loops: two at a time, so that a flood of wrong passwords takes neither all cores nor more than
/// 40 MB, and a bounded number in wait. Thread-safe.
final class HashWork {

    static final int MAX_WAITING = 128;
    private static final int MAX_RUNNING = 2;

    private final Threads threads;
    private final Semaphore running = new Semaphore(MAX_RUNNING);
    private final AtomicInteger waiting = new AtomicInteger();

    HashWork(Threads threads) {
        this.threads = threads;
    }

    /// False if too many wait already; `work` is then not run.
    boolean submit(Runnable work) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return false;
        }
        threads.startVirtual(
                "password-hash",
                () -> {
                    running.acquireUninterruptibly();
                    try {
                        work.run();
                    } finally {
                        running.release();
                        waiting.decrementAndGet();
                    }
                });
        return true;
    }
}
