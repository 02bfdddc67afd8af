package io.mainstay.registry.service;

import io.mainstay.registry.api.RegistryLimits;
import io.mainstay.registry.lease.ProtectionConfig;

/// @param recentWindowMs how long a change stays in `RegistryView.recent`: 180,000, as Eureka's clients expect
/// @param pushBytesPerSecond bound of all pushes to subscribers of services together; 0 for none
/// @param maxPendingBytes commands of one raft group that wait for their turn; more are refused
public record RegistryConfig(
        RegistryLimits limits,
        ProtectionConfig protection,
        long recentWindowMs,
        long pushBytesPerSecond,
        long maxPendingBytes) {

    public static final RegistryConfig DEFAULT =
            new RegistryConfig(
                    RegistryLimits.DEFAULT, ProtectionConfig.DEFAULT, 180_000, 0, 64L << 20);
}
