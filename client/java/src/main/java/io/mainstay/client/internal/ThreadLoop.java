package io.mainstay.client.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// A daemon thread. After [#close] work is dropped.
public final class ThreadLoop implements Loop, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);

    private final ScheduledExecutorService thread;

    /// Set on the thread itself.
    private final ThreadLocal<Boolean> mine = new ThreadLocal<>();

    public ThreadLoop(String name) {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, daemon(name));
        one.setRemoveOnCancelPolicy(true);
        one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread = Executors.unconfigurableScheduledExecutorService(one);
    }

    /// Whether the caller runs on it.
    public boolean isCurrent() {
        return Boolean.TRUE.equals(mine.get());
    }

    public static ThreadFactory daemon(String name) {
        return work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        };
    }

    @Override
    public void execute(Runnable work) {
        try {
            thread.execute(guarded(work));
        } catch (RejectedExecutionException closed) {
            LOG.debug("The client is closed; dropped {}", work);
        }
    }

    @Override
    public Runnable schedule(long delayMs, Runnable work) {
        try {
            Future<?> task = thread.schedule(guarded(work), delayMs, TimeUnit.MILLISECONDS);
            return () -> task.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    private Runnable guarded(Runnable work) {
        return () -> {
            mine.set(true);
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.error("The Mainstay client met a defect of its own; it goes on", e);
            }
        };
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
