package io.mainstay.client.internal;

/// How long to wait before the next try: doubles up to a bound, the half of it by chance, so that the clients of a node that
/// comes back do not come at once.
final class BackOff {

    private final Loop loop;
    private final long firstMs;
    private final long maxMs;
    private int tries;

    BackOff(Loop loop, long firstMs, long maxMs) {
        this.loop = loop;
        this.firstMs = firstMs;
        this.maxMs = Math.max(firstMs, maxMs);
    }

    long nextMs() {
        long whole = Math.min(maxMs, firstMs << Math.min(tries++, 20));
        return whole / 2 + (long) (loop.random() * (whole - whole / 2));
    }

    void reset() {
        tries = 0;
    }
}
