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

    @Override
    public void close() {
        thread.shutdown();
    }
}
