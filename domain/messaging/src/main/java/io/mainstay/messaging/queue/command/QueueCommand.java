package io.mainstay.messaging.queue.command;

/// A change of what queues hold. A *sequence* numbers the messages of a queue; its highest byte is the lane (priority), see [Sequences].
public sealed interface QueueCommand {

    /// The queue exists from now on, or has other limits.
    ///
    /// @param rejectLength messages at which it refuses more, -1: never
    /// @param rejectBytes body bytes at which it refuses more, -1: never
    record Open(long queue, long rejectLength, long rejectBytes) implements QueueCommand {}

    /// The queue and everything in it go.
    record Delete(long queue) implements QueueCommand {}

    /// A message goes to the end of each queue's lane. Queues that are gone are passed over.
    ///
    /// @param address of the message's bytes in the group
    /// @param bytes of the whole message, see [io.mainstay.messaging.message.StoredMessage]
    /// @param ttlMs of the message itself, -1: none
    /// @param targets queue and lane in turn
    record Publish(long address, int bytes, int bodyBytes, long ttlMs, long[] targets)
            implements QueueCommand {}

    /// A piece of a body that is too large for one command. Pieces without an end are dropped after a while.
    ///
    /// @param upload names the message, together with `part`, which is random for each process
    /// @param address of the piece's bytes in the group
    record Chunk(long part, long upload, long address, int bytes) implements QueueCommand {}

    /// As [Publish], of a message whose body came as chunks; `bytes` are those in front of the body.
    ///
    /// @param chunks how many there are: with fewer of them here the message is refused
    record PublishChunked(
            long part,
            long upload,
            int chunks,
            long address,
            int bytes,
            int bodyBytes,
            long ttlMs,
            long[] targets)
            implements QueueCommand {}

    /// As `publish`, but for the queues that have this message of the publisher already: they do not take it again.
    ///
    /// @param publisher see [io.mainstay.messaging.message.PublishId]
    /// @param publish a [Publish] or [PublishChunked]
    record Once(String publisher, long sequence, QueueCommand publish) implements QueueCommand {}

    /// A command of a transaction that is too large for one entry of the log: it counts with [CommitHeld]. Commands without an end are dropped after a while.
    ///
    /// @param process random for each process
    /// @param transaction different for each transaction of the process
    /// @param command a publish or a settle
    record Held(long process, long transaction, QueueCommand command) implements QueueCommand {}

    /// What was held of the transaction happens now, in its order; with fewer commands here, or more, nothing of it does, and it is dropped.
    ///
    /// @param commands how many there are; -1 drops them
    record CommitHeld(long process, long transaction, int commands) implements QueueCommand {}

    /// These messages are done with. What is settled already is passed over.
    ///
    /// @param ranges first and last sequence in turn, each range within a lane
    record Settle(long queue, long[] ranges) implements QueueCommand {}

    /// These messages came back from a consumer that failed: each counts one return more.
    record Return(long queue, long[] sequences) implements QueueCommand {}

    /// The oldest messages of a stream go: all below the offset `upTo`. Offsets that are gone already are passed over.
    record Truncate(long queue, long upTo) implements QueueCommand {}

    /// Messages of a lane below `upTo` may be delivered from now on: if this leader fails, the next one marks them as redelivered.
    record Reserve(long queue, long upTo) implements QueueCommand {}

    /// A delayed exchange exists from now on, under the id of its own queue. A [Publish] to that queue waits for its `ttlMs`; [Delete] ends it.
    record OpenDelayed(long queue) implements QueueCommand {}

    /// These messages of a delayed exchange are where they were to go. What is settled already is passed over.
    ///
    /// @param keys due time and address of each message in turn
    record SettleDelayed(long queue, long[] keys) implements QueueCommand {}
}
