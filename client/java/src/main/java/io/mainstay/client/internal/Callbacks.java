package io.mainstay.client.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The thread on which listeners of the application run, so that a slow one does not hold up beats.
public final class Callbacks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private static final long CLOSE_MS = 1_000;

    /// Set on the thread itself: a listener may close the client.
    private static final ThreadLocal<Boolean> ON_CALLBACKS = new ThreadLocal<>();

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    ThreadLoop.daemon("mainstay-callbacks"));

    public Callbacks() {
        thread.allowCoreThreadTimeOut(true);
    }

    public void run(Runnable callback) {
        try {
            thread.execute(
                    () -> {
                        ON_CALLBACKS.set(true);
                        try {
                            callback.run();
                        } catch (RuntimeException | Error e) {
                            LOG.warn("A listener of the Mainstay client threw; it stays", e);
                        }
                    });
        } catch (RejectedExecutionException closed) {
            LOG.debug("The client is closed; a listener is not told");
        }
    }

    /// Runs what waits, for at most `CLOSE_MS`.
    @Override
    public void close() {
        thread.shutdown();
        if (ON_CALLBACKS.get() != null) {
            return;
        }
        try {
            if (!thread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("A listener did not return within {} ms of the client's end", CLOSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
