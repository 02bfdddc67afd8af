package io.mainstay.registry.api;

import java.util.List;

/// Why evictions are held, with the numbers that decided it.
///
/// @param enabled false if turned off by configuration or by an operator
/// @param global the rule over all instances
/// @param services the services whose own rule is tripped
public record ProtectionView(boolean enabled, Scope global, List<Scope> services) {

    /// @param name service, or `*` for all
    /// @param tripped evictions are held
    /// @param expected instances that should have beaten within the window, `missing` those that did not
    /// @param sinceMs leader's Unix time when it tripped, 0 if it is not tripped
    /// @param explanation a sentence with the numbers and what ends it
    public record Scope(
            String namespace,
            String name,
            boolean tripped,
            int expected,
            int missing,
            long sinceMs,
            String explanation) {}
}
