package io.mainstay.access.api;

/// What became of a change of users.
public sealed interface AccessOutcome {

    /// Committed and visible.
    ///
    /// @param revision raft offset in `meta` of the last change of users
    record Done(long revision) implements AccessOutcome {}

    /// There is no such user or token; nothing was changed.
    record NotFound() implements AccessOutcome {}

    /// Certainly nothing was changed.
    record Refused(Reason reason, String why) implements AccessOutcome {}

    /// It may or may not have happened. The same call again is safe: each names the state that it wants.
    record Unknown(String why) implements AccessOutcome {}

    enum Reason {
        /// A name, label, password or namespace breaks [AccessLimits], or an ADMIN was to be bound.
        INVALID,
        /// Afterwards nobody could administer the users that remain.
        LAST_ADMIN,
        /// A bound of [AccessLimits] is reached.
        LIMIT,
        /// No leader, overload, or the disk is full; try again later.
        UNAVAILABLE
    }
}
