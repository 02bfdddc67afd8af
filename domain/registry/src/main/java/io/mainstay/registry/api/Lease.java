package io.mainstay.registry.api;

/// What a holder promised: a beat every `intervalMs`; it is dead `durationMs` after its last beat, exactly (never twice that).
///
/// @param intervalMs 100 to 3,600,000
/// @param durationMs `intervalMs` to 86,400,000
public record Lease(int intervalMs, int durationMs) {}
