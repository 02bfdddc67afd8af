package io.mainstay.registry.api;

/// What became of a change.
public sealed interface ChangeOutcome {

    /// Durable, applied, and visible in every view of this node from now on.
    record Done(long revision) implements ChangeOutcome {}

    /// There is no such instance.
    record NotFound() implements ChangeOutcome {}

    /// Certainly did not happen.
    ///
    /// @param why a sentence that says what was refused, the value, and what is allowed
    record Refused(Reason reason, String why) implements ChangeOutcome {}

    /// May or may not have happened. Every change of the registry may be tried again: it is idempotent.
    record Unknown(String why) implements ChangeOutcome {}

    enum Reason {
        /// The request itself cannot be taken.
        INVALID,
        /// A newer registration is in place.
        STALE,
        /// A limit on instances, services or bytes is reached.
        LIMIT,
        /// Try again: overloaded, no leader, disk full, stopping.
        UNAVAILABLE
    }
}
