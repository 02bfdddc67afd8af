package io.mainstay.client.internal;

import java.util.concurrent.TimeUnit;

/// Notices that the whole process stood still: a tick that comes much later than it should.
///
/// Both clocks are read: the monotonic one stands still while a machine sleeps. A jump of the wall clock is taken for a pause, which costs one
/// question to the node.
final class PauseDetector {

    private final Loop loop;
    private final long tolerableMs;
    private long expectedMs;
    private long lastNanos;
    private long lastWallMs;

    /// @param tolerableMs lateness that is no pause
    PauseDetector(Loop loop, long tolerableMs) {
        this.loop = loop;
        this.tolerableMs = tolerableMs;
        next(0);
    }

    /// The next tick is due in `inMs`.
    void next(long inMs) {
        expectedMs = inMs;
        lastNanos = loop.nanoTime();
        lastWallMs = loop.wallMs();
    }

    /// @return for how many ms the process stood still; 0 if it did not
    long tick() {
        long byMonotonic = TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - lastNanos);
        long byWall = loop.wallMs() - lastWallMs;
        long late = Math.max(byMonotonic, byWall) - expectedMs;
        return late > tolerableMs ? late : 0;
    }
}
