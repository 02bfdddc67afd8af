package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Wakes one thread that has nothing to do; a wake-up that comes before the wait is not lost. Stops it without an interrupt, which
/// would close the files that it works on.
///
/// The thread's work is done in turns, one at a time. Another thread may [mark][#mark] that there is some and then do it [itself][#here] while this one
/// rests, which saves both the switch.
final class Wake {

    private final AtomicBoolean awake = new AtomicBoolean();
    private final ReentrantLock turn = new ReentrantLock();
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

    /// There is work; whoever says so does it [here][#here] or [sees to it][#pass] that the thread does.
    void mark() {
        awake.set(true);
    }

    /// Wakes the thread if there is work for it.
    void pass() {
        if (awake.get()) {
            LockSupport.unpark(thread);
        }
    }

    /// Does the work on the calling thread, if there is any; false if the thread is at it.
    boolean here(Runnable work) {
        if (!turn.tryLock()) {
            return false;
        }
        try {
            if (taken()) {
                work.run();
            }
            return true;
        } finally {
            turn.unlock();
        }
    }

    /// Does the work on the thread itself.
    long inTurn(LongSupplier work) {
        turn.lock();
        try {
            return work.getAsLong();
        } finally {
            turn.unlock();
        }
    }

    /// Waits until woken, at most `nanos`.
    void await(long nanos) {
        if (!awake.get() && nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
        awake.set(false);
    }

    /// True if it was woken since the last call.
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
