package io.mainstay.platform.sim;

import io.mainstay.platform.Clock;

import java.time.Duration;

/// A clock that moves only when told. Any thread.
public final class SimClock implements Clock {

    private long wallMs;
    private long nanoTime;

    /// @param wallMs Unix time at the start, in milliseconds
    public SimClock(long wallMs) {
        this.wallMs = wallMs;
    }

    @Override
    public synchronized long wallMs() {
        return wallMs + nanoTime / 1_000_000;
    }

    @Override
    public synchronized long nanoTime() {
        return nanoTime;
    }

    /// Lets time pass; both clocks move. Never backwards.
    public synchronized void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards: " + time);
        }
        nanoTime += time.toNanos();
    }

    /// Somebody sets the wall clock, in either direction; monotonic time is not touched.
    public synchronized void jumpWall(Duration by) {
        wallMs += by.toMillis();
    }
}
