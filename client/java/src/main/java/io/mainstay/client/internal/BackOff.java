package io.mainstay.client.internal;

/// How long to wait before the next try: doubles from 100 ms up to a bound, the half of it by chance, so that the clients of a node that
/// comes back do not come at once.
final class BackOff {

    private static final long FIRST_MS = 100;

    private final Loop loop;
    private final long maxMs;
    private int tries;

    BackOff(Loop loop, long maxMs) {
        this.loop = loop;
        this.maxMs = Math.max(FIRST_MS, maxMs);
    }

    long nextMs() {
        long whole = Math.min(maxMs, FIRST_MS << Math.min(tries++, 20));
        return whole / 2 + (long) (loop.random() * (whole - whole / 2));
    }

    void reset() {
        tries = 0;
    }
}
