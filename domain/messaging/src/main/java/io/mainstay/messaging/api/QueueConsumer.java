package io.mainstay.messaging.api;

import io.mainstay.messaging.api.QueueSession.Settlement;

/// A consumer of a queue; see [QueueSession#consume]. Event loop only.
public interface QueueConsumer {

    QueueView queue();

    /// Of a reader of a stream: the offset that it is given next. -1 for other consumers, and until the subscription has begun. Any thread; a moment old.
    long nextOffset();

    /// Settles the deliveries of this consumer from `first` to `last` that are in hand and that its listener was told of; others in between are not touched.
    /// A sequence that is not in hand is ignored: the head keeps the books of its delivery tags.
    void settle(long first, long last, Settlement settlement);

    /// Settles several ranges together: what is returned is in its place before any of it is delivered again.
    ///
    /// @param ranges first and last sequence of each
    void settle(long[] ranges, Settlement settlement);

    /// The window that was given with the subscription has room again.
    void windowOpened();

    /// Ends the subscription; what is in hand stays so until it is settled. `done` runs when no delivery comes any more.
    void cancel(Runnable done);
}
