package io.mainstay.messaging.queue.dispatch;

import java.util.concurrent.atomic.AtomicInteger;

/// Runs an action when everything that it waits for is done: the one thing that it was made for, and what was added meanwhile. Any thread.
final class Countdown {

    private final AtomicInteger left = new AtomicInteger(1);
    private final Runnable whenDone;

    Countdown(Runnable whenDone) {
        this.whenDone = whenDone;
    }

    /// Waits for one thing more; to be called before the last other one is done.
    ///
    /// @return to be run once, when it is done
    Runnable oneMore() {
        left.incrementAndGet();
        return this::done;
    }

    void done() {
        if (left.decrementAndGet() == 0) {
            whenDone.run();
        }
    }
}
