package io.mainstay.server.trace;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// How many spans there may be, from their begin until the collector has them or they are given up. Thread-safe.
final class SpanBudget {

    private final int max;
    private final AtomicInteger present = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    SpanBudget(int max) {
        this.max = max;
    }

    /// @return false if there are too many: that is counted
    boolean take() {
        if (present.incrementAndGet() <= max) {
            return true;
        }
        present.decrementAndGet();
        refused.increment();
        return false;
    }

    void giveBack(int spans) {
        present.addAndGet(-spans);
    }

    long refused() {
        return refused.sum();
    }
}
