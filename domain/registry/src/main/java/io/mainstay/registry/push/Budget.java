package io.mainstay.registry.push;

/// Bytes that all pushes of a node together may take in a second. Pure; times are monotonic nanoseconds. A push is never cut: one that is
/// larger than what is left is sent, and those after it wait the longer.
final class Budget {

    private static final double NANOS = 1e9;

    /// Unused bytes are kept for this part of a second.
    private static final double BURST_SECONDS = 0.1;

    private final double bytesPerSecond;
    private double left;
    private long at;

    /// @param bytesPerSecond 0 for no bound
    Budget(long bytesPerSecond, long now) {
        this.bytesPerSecond = bytesPerSecond;
        this.left = bytesPerSecond * BURST_SECONDS;
        this.at = now;
    }

    void spend(int bytes) {
        left -= bytes;
    }

    /// Nanoseconds until something may be sent; 0: now.
    long waitNanos(long now) {
        if (bytesPerSecond == 0) {
            return 0;
        }
        left = Math.min(bytesPerSecond * BURST_SECONDS, left + (now - at) / NANOS * bytesPerSecond);
        at = now;
        return left > 0 ? 0 : (long) Math.ceil((1 - left) / bytesPerSecond * NANOS);
    }
}
