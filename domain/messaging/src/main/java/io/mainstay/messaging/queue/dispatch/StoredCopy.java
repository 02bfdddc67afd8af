package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.message.PublishId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// A message that goes on from a queue, with other names and properties; its body is shared.
record StoredCopy(
        String exchange,
        String routingKey,
        ByteBuffer properties,
        ByteBuffer body,
        long ttlMs,
        int priority,
        boolean persistent,
        long delayMs)
        implements OutgoingMessage {

    /// It has been in a queue, so it is not its publisher who sends it now.
    @Override
    public @Nullable PublishId publishId() {
        return null;
    }

    @Override
    public int bodyBytes() {
        return body.remaining();
    }

    @Override
    public void copyBody(ByteBuffer target) {
        target.put(body.duplicate());
    }
}
