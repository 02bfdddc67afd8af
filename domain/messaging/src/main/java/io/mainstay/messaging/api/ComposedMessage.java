package io.mainstay.messaging.api;

import io.mainstay.messaging.message.DelayHeader;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.MessageProperties.Property;
import io.mainstay.messaging.message.PublishId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// A message that a head composed itself, as a call of an administrative API asked for it.
///
/// @param ttlMs of the message itself; -1: none
/// @param publishId `null`: its publisher does not number its messages
public record ComposedMessage(
        String exchange,
        String routingKey,
        MessageProperties values,
        byte[] body,
        long ttlMs,
        @Nullable PublishId publishId)
        implements OutgoingMessage, RoutedMessage {

    /// Bytes of properties, headers among them, that a message may have: what fits the one frame of RabbitMQ's usual size, 128 KiB, in which clients get them.
    public static final int MAX_PROPERTIES_BYTES = 131_052;

    /// Milliseconds that a message may live at most: RabbitMQ's bound.
    public static final long MAX_TTL_MS = 0xffff_ffffL;

    @Override
    public ByteBuffer properties() {
        return values.bytes();
    }

    @Override
    public int bodyBytes() {
        return body.length;
    }

    @Override
    public void copyBody(ByteBuffer target) {
        target.put(body);
    }

    @Override
    public long delayMs() {
        return DelayHeader.ms(values.headers());
    }

    @Override
    public int priority() {
        return values.priority();
    }

    @Override
    public boolean persistent() {
        return values.persistent();
    }

    @Override
    public FieldTable get() {
        return values.headers();
    }

    @Override
    public @Nullable String property(String name) {
        return switch (name) {
            case "message_id" -> values.messageId();
            case "correlation_id" -> values.correlationId();
            case "timestamp" ->
                    values.has(Property.TIMESTAMP) ? Long.toString(values.timestamp()) : null;
            default -> null;
        };
    }
}
