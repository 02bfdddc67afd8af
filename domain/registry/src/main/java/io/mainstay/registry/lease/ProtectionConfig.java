package io.mainstay.registry.lease;

/// When silence of many is taken for a fault of the network rather than death.
///
/// @param enabled false: nothing is ever held (the eviction rate still holds)
/// @param serviceRatio a service trips above this share of silent instances, if it has at least `serviceMin`
/// @param serviceMin 4 by default
/// @param smallServiceMin a smaller service of at least this many trips if all are silent and another service misses some too
/// @param globalRatio all services trip above this share of silent instances, if at least `globalMin` are silent
/// @param globalMin 10 by default
/// @param clearRatio protection ends when the share stays below this for `clearAfterMs`
/// @param clearAfterMs 10,000 by default; also how long an eviction still counts as a silent instance
/// @param maxHoldMs an instance is held no longer than this, 300,000 by default
/// @param evictionRatio share of a service that may be evicted in one second, at least one instance
/// @param probeConcurrency probes at one time
/// @param probeAgainMs time between two probes of one instance
public record ProtectionConfig(
        boolean enabled,
        double serviceRatio,
        int serviceMin,
        int smallServiceMin,
        double globalRatio,
        int globalMin,
        double clearRatio,
        long clearAfterMs,
        long maxHoldMs,
        double evictionRatio,
        int probeConcurrency,
        long probeAgainMs) {

    public static final ProtectionConfig DEFAULT =
            new ProtectionConfig(
                    true, 0.5, 4, 2, 0.15, 10, 0.05, 10_000, 300_000, 0.15, 64, 10_000);

    public ProtectionConfig withEnabled(boolean on) {
        return with(on, serviceRatio, serviceMin, globalRatio, globalMin, maxHoldMs);
    }

    /// With thresholds that an operator set; the rest stays.
    public ProtectionConfig with(
            boolean on,
            double wantedServiceRatio,
            int wantedServiceMin,
            double wantedGlobalRatio,
            int wantedGlobalMin,
            long wantedMaxHoldMs) {
        return new ProtectionConfig(
                on,
                wantedServiceRatio,
                wantedServiceMin,
                smallServiceMin,
                wantedGlobalRatio,
                wantedGlobalMin,
                clearRatio,
                clearAfterMs,
                wantedMaxHoldMs,
                evictionRatio,
                probeConcurrency,
                probeAgainMs);
    }
}
