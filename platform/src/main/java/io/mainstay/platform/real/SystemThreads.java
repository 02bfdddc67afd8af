package io.mainstay.platform.real;

import io.mainstay.platform.Threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Daemon threads of the operating system, and virtual threads.
public final class SystemThreads implements Threads {

    private static final Logger LOG = LoggerFactory.getLogger(SystemThreads.class);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    @Override
    public Running start(String name, Runnable body) {
        return new Started(Thread.ofPlatform().daemon().name(name).start(guarded(name, body)));
    }

    @Override
    public Running startVirtual(String name, Runnable body) {
        return new Started(Thread.ofVirtual().name(name).start(guarded(name, body)));
    }

    @Override
    public Running every(String name, Duration period, Runnable work) {
        return start(
                name,
                () -> {
                    long next = System.nanoTime() + period.toNanos();
                    while (!Thread.currentThread().isInterrupted()) {
                        long wait = next - System.nanoTime();
                        if (wait > 0) {
                            LockSupport.parkNanos(wait);
                            continue;
                        }
                        guarded(name, work).run();
                        // A late call is not made up for.
                        next = Math.max(next + period.toNanos(), System.nanoTime());
                    }
                });
    }

    private static Runnable guarded(String name, Runnable body) {
        return () -> {
            try {
                body.run();
            } catch (RuntimeException e) {
                LOG.error("{} failed", name, e);
            }
        };
    }

    private record Started(Thread thread) implements Running {
        @Override
        public void close() {
            thread.interrupt();
            try {
                if (thread != Thread.currentThread() && !thread.join(END_TIMEOUT)) {
                    LOG.warn("thread {} did not end within {}", thread.getName(), END_TIMEOUT);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
