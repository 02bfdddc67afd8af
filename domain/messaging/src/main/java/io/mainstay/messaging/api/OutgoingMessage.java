package io.mainstay.messaging.api;

import io.mainstay.messaging.message.PublishId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// A message that is to be published, before it is encoded.
public interface OutgoingMessage {

    String exchange();

    String routingKey();

    /// AMQP's property flags and values as they stand in a content header (class id, weight and size not among them).
    ByteBuffer properties();

    int bodyBytes();

    /// Writes the whole body.
    void copyBody(ByteBuffer target);

    /// Of the message itself; -1: none.
    long ttlMs();

    /// 0 to 255.
    int priority();

    boolean persistent();

    /// Milliseconds that it waits at a delayed exchange, from the header `x-delay`; 0: it does not wait.
    long delayMs();

    /// Who published it as what, if its publisher numbers its messages: then a queue takes it once.
    @Nullable PublishId publishId();
}
