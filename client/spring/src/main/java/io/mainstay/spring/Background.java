package io.mainstay.spring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Daemon threads for what is looked at from time to time. A look that throws is logged and comes again.
final class Background implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    /// A slow health check does not hold up the others.
    private static final int THREADS = 3;

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    THREADS,
                    task -> {
                        Thread thread = new Thread(task, "mainstay-spring");
                        thread.setDaemon(true);
                        return thread;
                    });

    void every(Duration interval, String what, Runnable look) {
        executor.scheduleWithFixedDelay(
                () -> attempt(what, look),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /// Nothing happens once this is closed.
    void soon(String what, Runnable look) {
        try {
            executor.execute(() -> attempt(what, look));
        } catch (RejectedExecutionException e) {
            LOG.debug("The application ends; {} is not called any more", what);
        }
    }

    private static void attempt(String what, Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.warn("Failed: {}: {}", what, e.toString());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
