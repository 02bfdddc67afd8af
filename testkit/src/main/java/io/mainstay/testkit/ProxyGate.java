package io.mainstay.testkit;

/// What the pumps of a [FaultProxy] pass through: open or shut, and how fast towards the client.
final class ProxyGate {
    private static final int CHUNK_BYTES = 16 * 1024;

    /// Pieces per second at a limit: small enough that a change of the limit is felt soon.
    private static final int PIECES = 20;

    private boolean shut;
    private int bytesPerSecond;

    synchronized void shut() {
        shut = true;
    }

    synchronized void open() {
        shut = false;
        notifyAll();
    }

    synchronized void bytesPerSecond(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes per second must be 0 or more, was " + bytes);
        }
        bytesPerSecond = bytes;
    }

    /// How much may be read at once.
    synchronized int pieceBytes(boolean towardsClient) {
        return towardsClient && bytesPerSecond > 0
                ? Math.clamp(bytesPerSecond / PIECES, 1, CHUNK_BYTES)
                : CHUNK_BYTES;
    }

    /// Waits until the gate is open, and at a limit for as long as `bytes` take.
    void pass(boolean towardsClient, int bytes) throws InterruptedException {
        long pauseMs;
        synchronized (this) {
            while (shut) {
                wait();
            }
            pauseMs =
                    towardsClient && bytesPerSecond > 0
                            ? Math.max(1, bytes * 1000L / bytesPerSecond)
                            : 0;
        }
        if (pauseMs > 0) {
            Thread.sleep(pauseMs);
        }
    }
}
