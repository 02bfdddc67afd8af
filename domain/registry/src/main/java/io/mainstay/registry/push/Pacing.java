package io.mainstay.registry.push;

/// When a service's changes are pushed: the first after a quiet time at once, those that follow gathered. Pure; times are monotonic
/// nanoseconds.
///
/// A round that takes long (many subscribers, many changes) stretches the time until the next, so that a storm costs a bounded share of a
/// processor and each subscriber fewer, larger messages.
final class Pacing {

    static final long GATHER_NANOS = 50_000_000L;
    static final long MOST_NANOS = 200_000_000L;

    /// A round takes at most one part in so many of the time.
    private static final int SHARE = 4;

    private boolean pushed;
    private long lastRound;
    private long pauseNanos = GATHER_NANOS;

    /// Nanoseconds until a change that waits may be pushed; 0: now.
    long waitNanos(long now) {
        return pushed ? Math.max(0, lastRound + pauseNanos - now) : 0;
    }

    /// A round began at `began` and took until `ended`.
    void pushed(long began, long ended) {
        pushed = true;
        lastRound = began;
        pauseNanos = Math.clamp(SHARE * (ended - began), GATHER_NANOS, MOST_NANOS);
    }
}
