package io.mainstay.messaging.queue.dispatch;

/// Whether the consumers of a queue are quick and fall behind all the same: then its publishers take from them what they need to keep up (processor time,
/// the network), and it is best for both when publishers wait a moment ([HeldBack]). Apply thread only.
///
/// A queue whose consumers are slow, or are not there, has a backlog, and a backlog is no reason to slow a publisher. What tells one from the other: at
/// their present speed quick consumers would be through with what is ready within [#SOON_MS].
final class FallingBehind {

    /// Messages that are ready and no sign of anything.
    private static final long FEW = 1_000;

    private static final long SOON_MS = 1_000;

    /// Over so long a speed is measured.
    private static final long SAMPLE_MS = 20;

    private long sampledAtMs;
    private long sampledAcks;

    /// Messages a second that consumers were through with lately.
    private double speed;

    private boolean falling;

    /// @param nowMs monotonic
    /// @param ready messages that wait
    /// @param acked messages that consumers were through with since the beginning
    boolean update(long nowMs, long ready, long acked) {
        long elapsed = nowMs - sampledAtMs;
        if (elapsed >= SAMPLE_MS) {
            double now = (acked - sampledAcks) * 1_000.0 / elapsed;
            // A queue at which nothing happened for long begins anew.
            speed = elapsed >= SOON_MS ? now : (3 * speed + now) / 4;
            sampledAtMs = nowMs;
            sampledAcks = acked;
        }
        // Once begun it goes on until half of it is gone, or it would begin and end all the time.
        long few = falling ? FEW / 2 : FEW;
        falling = ready > few && ready < speed * SOON_MS / 1_000;
        return falling;
    }
}
