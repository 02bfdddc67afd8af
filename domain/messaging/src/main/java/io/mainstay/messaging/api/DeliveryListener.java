package io.mainstay.messaging.api;

/// Hears what a subscription brings, on the event loop.
public interface DeliveryListener {

    /// Deliveries come from now on.
    void subscribed(QueueConsumer consumer);

    /// Nothing comes; the subscription does not exist.
    void refused(QueueConsumer consumer, TopologyOutcome.Reason reason, String message);

    /// A message. Its bytes may be kept, but not changed.
    void delivered(QueueConsumer consumer, Delivery delivery);

    /// A round of deliveries is over: flush.
    void deliveredAll();

    /// The subscription ended without being cancelled by its owner: the queue was deleted, or nobody leads it.
    void cancelled(QueueConsumer consumer, String why);

    /// A delivery was not settled in time. It is still in hand: the listener ends the consumer and gives back what it holds, or is told again after as long.
    ///
    /// @param timeoutMs the time that it had
    void timedOut(QueueConsumer consumer, long sequence, long timeoutMs);
}
