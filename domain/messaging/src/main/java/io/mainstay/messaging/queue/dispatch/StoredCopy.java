package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.OutgoingMessage;

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

    @Override
    public int bodyBytes() {
        return body.remaining();
    }

    @Override
    public void copyBody(ByteBuffer target) {
        target.put(body.duplicate());
    }
}
