package io.mainstay.registry.api;

/// What became of a beat.
public enum RenewOutcome {
    RENEWED,
    /// There is no such instance, or its eviction is being applied: register again.
    NOT_FOUND,
    /// The beat carries a newer owner stamp than the registration that is held: register again.
    STALE_REGISTRATION
}
