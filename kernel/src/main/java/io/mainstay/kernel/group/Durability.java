package io.mainstay.kernel.group;

/// When the proposer is answered. Raft's own messages obey the hold rules whatever is chosen here.
public enum Durability {
    /// Committed on a synced majority and applied; the only level with outcomes of apply.
    QUORUM_FSYNC,
    /// A majority has received it. For publishes only.
    QUORUM_MEMORY,
    /// The leader has synced it. For publishes only.
    LEADER_FSYNC,
    /// The leader has appended it. For publishes only.
    LEADER_MEMORY
}
