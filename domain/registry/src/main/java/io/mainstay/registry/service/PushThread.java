package io.mainstay.registry.service;

import io.mainstay.platform.Threads;
import io.mainstay.registry.push.PushEngine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// The thread of the [PushEngine]: sleeps until something is due or somebody wakes it.
final class PushThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PushThread.class);

    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private volatile boolean ending;
    private Threads.@Nullable Running running;

    void wake() {
        if (!awake.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    void start(Threads threads, PushEngine engine) {
        running = threads.start("mainstay-push", () -> run(engine));
    }

    private void run(PushEngine engine) {
        thread = Thread.currentThread();
        while (!ending) {
            awake.set(false);
            long wait;
            try {
                wait = engine.turn();
            } catch (RuntimeException e) {
                // A subscriber's failure ends its subscription; whatever else comes here must not
                // end the pushes of all.
                LOG.error("A turn of pushes failed; the next one goes on", e);
                wait = 0;
            }
            if (!awake.get() && wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    @Override
    public void close() {
        ending = true;
        Threads.Running started = running;
        if (started != null) {
            wake();
            started.close();
        }
    }
}
