package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.message.PublishId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// A message on its way to a delayed exchange's own queue: it lives there as long as it is to wait.
record WaitingMessage(OutgoingMessage message) implements OutgoingMessage {

    @Override
    public long ttlMs() {
        return message.delayMs();
    }

    @Override
    public String exchange() {
        return message.exchange();
    }

    @Override
    public String routingKey() {
        return message.routingKey();
    }

    @Override
    public ByteBuffer properties() {
        return message.properties();
    }

    @Override
    public int bodyBytes() {
        return message.bodyBytes();
    }

    @Override
    public void copyBody(ByteBuffer target) {
        message.copyBody(target);
    }

    @Override
    public int priority() {
        return message.priority();
    }

    @Override
    public boolean persistent() {
        return message.persistent();
    }

    @Override
    public long delayMs() {
        return message.delayMs();
    }

    @Override
    public @Nullable PublishId publishId() {
        return message.publishId();
    }
}
