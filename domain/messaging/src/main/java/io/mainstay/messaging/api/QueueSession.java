package io.mainstay.messaging.api;

import java.util.List;
import java.util.function.Consumer;

/// The way of one connection to queues. Called, and calls back, on the connection's event loop only. What one session asks of one queue
/// happens in order, except that nothing waits for publishes: who wants to see what it published waits for [PublishListener].
///
/// What is asked of a queue whose raft group is out of service waits until it is back; after ten seconds, or at once if it does not come back by itself, it
/// is refused as [TopologyOutcome.Reason#INACCESSIBLE]. Its consumers are told that they have ended as soon as the group is.
public interface QueueSession extends AutoCloseable {

    /// Takes a message for queues. `message` is copied before return. Nothing is under way before [#flush].
    ///
    /// @param targets at least one; each once
    /// @param sequence given back to the listener
    void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            long sequence);

    /// Sends off what was published: once at the end of an event-loop turn.
    void flush();

    /// Bytes that were published and are not answered yet; the connection stops reading above its limit.
    long bytesUnderWay();

    /// Whether the connection should read nothing for a moment: what it publishes goes to a queue whose consumers are quick and fall behind. Ends by itself;
    /// ask again after some milliseconds. Never for a session that consumes: its acknowledgements come the same way.
    boolean heldBack();

    /// Subscribes. The outcome comes through the listener, before the first delivery.
    QueueConsumer consume(QueueView queue, ConsumerSpec spec, DeliveryListener listener);

    /// Takes one message, if there is a ready one. Without `autoAck` it stays in hand until it is settled by `queue` and sequence.
    void get(QueueView queue, boolean autoAck, Consumer<GetOutcome> done);

    /// Settles what [#get] gave, in that order.
    void settleGot(QueueView queue, long[] sequences, Settlement settlement);

    /// As above for one.
    default void settleGot(QueueView queue, long sequence, Settlement settlement) {
        settleGot(queue, new long[] {sequence}, settlement);
    }

    /// Looks at the next ready messages, in the order in which they would be delivered. Nothing is taken: they are neither held back nor marked nor
    /// counted, and the queue is not used by it. A message that is gone before it is read, or cannot be read, is left out.
    ///
    /// @param max messages
    /// @param maxBytes of bodies, after which no further message is looked at
    /// @param done told nothing but an empty list if the queue is gone
    /// @param failed told in its place if the queue is inaccessible
    void peek(
            QueueView queue,
            int max,
            long maxBytes,
            Consumer<List<Delivery>> done,
            Consumer<TopologyOutcome.Refused> failed);

    /// Drops what is ready; what is in hand stays. Calls back with the number of messages dropped.
    void purge(QueueView queue, Consumer<CountOutcome> done);

    /// Deletes the queue. Calls back with the number of messages that were ready.
    void delete(QueueView queue, boolean ifUnused, boolean ifEmpty, Consumer<CountOutcome> done);

    /// Exact numbers, after everything that this session asked of the queue before.
    ///
    /// @param done told [QueueStats#NONE] if the queue is gone
    /// @param failed told in its place if the queue is inaccessible
    void inspect(
            QueueView queue, Consumer<QueueStats> done, Consumer<TopologyOutcome.Refused> failed);

    /// Settles several in one step, for transactions: all of them become so, or (a crash) none, for the queues of one raft group. Publishes of
    /// the transaction are part of it. `done` is told true when everything is durable, or in memory if that is all that its messages and queues ask for.
    void commit(Transaction transaction, Consumer<Boolean> done);

    /// Ends consumers and returns what is in hand, in its order.
    ///
    /// @param done called back when that is so, and queues that live as long as they are consumed are deleted
    void close(Runnable done);

    @Override
    default void close() {
        close(() -> {});
    }

    /// Told on the event loop.
    interface PublishListener {
        void published(long sequence, PublishOutcome outcome);
    }

    enum PublishOutcome {
        /// Durable in every queue that it went to, to the level that was asked for.
        CONFIRMED,
        /// A queue is full and refuses (overflow reject-publish): nack.
        REJECTED,
        /// It may have got lost (leadership, a stopping node): nack.
        FAILED
    }

    /// How a delivery ends.
    enum Settlement {
        ACK,
        /// Back to its place, and marked as redelivered.
        REQUEUE,
        /// Not wanted: dead-lettered if the queue says where to, otherwise gone.
        REJECT
    }

    /// @param autoAck what is delivered is settled at once
    /// @param exclusive nobody else may consume
    /// @param prefetch deliveries that may be unsettled, 0: no limit of its own
    /// @param priority higher ones are served first as long as they can take more
    /// @param window shared limit of several consumers, may be `null`
    /// @param offset where a consumer of a stream begins
    record ConsumerSpec(
            String tag,
            boolean autoAck,
            boolean exclusive,
            int prefetch,
            int priority,
            @org.jspecify.annotations.Nullable DeliveryWindow window,
            StreamOffset offset) {}

    /// Where to begin in a stream.
    sealed interface StreamOffset {
        record First() implements StreamOffset {}

        record Last() implements StreamOffset {}

        record Next() implements StreamOffset {}

        record At(long offset) implements StreamOffset {}

        /// @param timeMs Unix time
        record Since(long timeMs) implements StreamOffset {}
    }

    /// A limit that consumers of several queues share: a channel's prefetch, a connection's unwritten bytes. Thread-safe.
    interface DeliveryWindow {
        /// Takes room for one delivery of `bytes`; false if there is none now.
        boolean tryTake(int bytes);

        /// Whether there is room for a delivery now. Who hears that there is none hears of room as if it had tried to take some.
        boolean hasRoom();

        /// Gives back the room of a delivery that was not made after all.
        void giveBack(int bytes);
    }

    sealed interface GetOutcome {
        record Got(Delivery delivery, long readyLeft) implements GetOutcome {}

        record Empty() implements GetOutcome {}

        record Failed(TopologyOutcome.Reason reason, String message) implements GetOutcome {}
    }

    sealed interface CountOutcome {
        record Done(long messages) implements CountOutcome {}

        record Refused(TopologyOutcome.Reason reason, String message) implements CountOutcome {}
    }

    /// What a transaction holds until it is committed.
    record Transaction(List<Published> publishes, List<Settled> settles) {

        public record Published(OutgoingMessage message, List<QueueView> targets) {}

        public record Settled(QueueView queue, long sequence, Settlement settlement) {}
    }
}
