package io.mainstay.registry.api;

/// Soft state of one lease, for people.
///
/// @param lastBeatAgeMs since the last beat, or since the grace began
/// @param leaseLeftMs until it is dead; below zero while its eviction is held
/// @param held why its eviction is held, empty if it is not
/// @param beats beats received since the node leads
public record LeaseView(
        InstanceKey key, long lastBeatAgeMs, long leaseLeftMs, String held, long beats) {}
