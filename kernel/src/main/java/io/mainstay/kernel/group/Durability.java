package io.mainstay.kernel.group;

/// When the proposer is answered. Raft's own messages obey the hold rules whatever is chosen here. What each level survives:
/// `docs/durability.md`.
public enum Durability {
    /// Committed on a synced majority and applied; the only level with outcomes of apply.
    QUORUM_FSYNC,
    /// A majority has received it. For publishes only: answered [Outcome.Accepted].
    QUORUM_MEMORY,
    /// The leader has synced it. For publishes only: answered [Outcome.Accepted].
    LEADER_FSYNC,
    /// The leader has appended it and given it to its operating system. For publishes only: answered [Outcome.Accepted].
    LEADER_MEMORY
}
