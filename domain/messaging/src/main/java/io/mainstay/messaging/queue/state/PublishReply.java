package io.mainstay.messaging.queue.state;

/// What became of a publish command.
public enum PublishReply {
    /// In all its queues that exist.
    STORED,
    /// At least one queue was full and refused it; the others have it.
    REFUSED,
    /// Parts of a transaction are missing: nothing of it has happened, and nothing will.
    INCOMPLETE
}
