package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Wakes one thread that has nothing to do; a wake-up that comes before the wait is not lost. Stops it without an interrupt, which
/// would close the files that it works on.
final class Wake {

    private final AtomicBoolean awake = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile boolean stopping;

    /// The thread's own first call.
    void begin() {
        thread = Thread.currentThread();
    }

    void wake() {
        if (!awake.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    /// Waits until woken, at most `nanos`.
    void await(long nanos) {
        if (!awake.get() && nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
        awake.set(false);
    }

    /// True if it was woken since the last call: for a thread that is simulated.
    boolean taken() {
        return awake.getAndSet(false);
    }

    boolean stopping() {
        return stopping;
    }

    /// The thread's own last call.
    void end() {
        ended.countDown();
    }

    /// Asks the thread to end and waits for it.
    ///
    /// @return false if it did not within ten seconds
    boolean stop() {
        stopping = true;
        awake.set(true);
        LockSupport.unpark(thread);
        try {
            return ended.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
