package io.mainstay.registry.api;

/// Counts that only grow while the process lives; a restart begins at 0.
///
/// @param beats beats that renewed a lease
/// @param changes instances added, changed or removed, counted as they became visible here; what is read again from the log at a start counts,
///     too
public record RegistryTotals(long beats, long changes) {}
