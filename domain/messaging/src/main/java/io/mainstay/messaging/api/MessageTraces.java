package io.mainstay.messaging.api;

import io.mainstay.messaging.message.StoredMessage;

import org.jspecify.annotations.Nullable;

/// Makes spans of what the node does with messages. Whether a message is traced is said by its header `traceparent`, and by the node's own rate for messages without
/// one; the message itself stays as it is. Thread-safe; never blocks, never throws for what a message says.
public interface MessageTraces {

    /// A client publishes.
    ///
    /// @return `null`: not traced
    @Nullable MessageSpan publish(String vhost, OutgoingMessage message);

    /// A message is handed out. Its span ends when it is settled.
    ///
    /// @param method `deliver`, or `get` for one that was asked for
    /// @param tag the channel's delivery tag
    /// @return `null`: not traced
    @Nullable MessageSpan deliver(QueueView queue, Delivery delivery, String method, long tag);

    /// A message dies in its queue.
    ///
    /// @param reason in the words of RabbitMQ's `x-death`
    /// @return `null`: not traced
    @Nullable MessageSpan die(QueueView queue, StoredMessage message, String reason);
}
