package io.mainstay.registry.lease;

/// Whether evictions are held in one scope (a service, or all). Trips at once, ends when the share of silent instances stayed
/// below a bound for some time.
final class ScopeAlarm {
    private boolean tripped;
    private long trippedAt;
    private boolean clearing;
    private long clearSince;

    void update(long now, boolean trips, int expected, int missing, ProtectionConfig config) {
        if (!tripped) {
            if (trips) {
                tripped = true;
                trippedAt = now;
                clearing = false;
            }
            return;
        }
        if (trips || (missing > 0 && missing >= config.clearRatio() * expected)) {
            clearing = false;
        } else if (!clearing) {
            clearing = true;
            clearSince = now;
        } else if (now - clearSince >= config.clearAfterMs() * 1_000_000L) {
            tripped = false;
        }
    }

    void reset() {
        tripped = false;
    }

    boolean tripped() {
        return tripped;
    }

    long trippedAt() {
        return trippedAt;
    }
}
