package io.mainstay.kernel.group;

import java.util.List;

/// What became of a proposal.
public sealed interface Outcome {

    /// Committed and applied; one reply for each command in the order of [Proposal#add].
    ///
    /// @param offset the raft offset of the entry
    record Applied(long offset, List<Object> replies) implements Outcome {}

    /// Durable to the level that was asked for, which is below [Durability#QUORUM_FSYNC]; perhaps not yet applied.
    record Accepted(long offset) implements Outcome {}

    /// Certainly not in the log, and never will be; trying again is safe.
    record Refused(Reason reason, String message) implements Outcome {}

    /// May or may not have happened: leadership was lost, or the group was fenced, after it was appended. A retry may apply it
    /// twice, so only an idempotent command is tried again.
    record Unknown(String message) implements Outcome {}

    enum Reason {
        /// Another member leads; its id is in the message if known.
        NOT_LEADER,
        /// Too many bytes are under way; try again later.
        OVERLOADED,
        /// The disk watermark is reached: only what frees space is taken.
        DISK_FULL,
        /// The journal of this process is closed after a failed sync; the node must be restarted.
        JOURNAL_FAILED,
        /// The group is fenced, being rebuilt, or the node is stopping.
        UNAVAILABLE
    }
}
