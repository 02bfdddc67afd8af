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
    /// The leader has appended it, given it to its operating system and applied it, which it may on one voter only: there nothing is waited for but entries of
    /// other levels in front of it. With more voters the same as [#QUORUM_FSYNC]. For what may be lost with the memory of the operating system, and is
    /// shown, with its outcome, before it is on the disk.
    LEADER_MEMORY;

    /// Whether an entry of this level waits for a sync of the journal before it is applied.
    boolean appliedWhenSynced() {
        return this != LEADER_MEMORY;
    }
}
