package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.Method.BasicPublish;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.RoutedMessage;
import io.mainstay.messaging.message.DelayHeader;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.PublishId;
import io.mainstay.messaging.message.StoredMessage;
import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A message as it came from the socket: its body stands in the buffers that were read, and is copied once, into the log. Released when it was taken.
/// Event loop only.
final class Content implements OutgoingMessage, RoutedMessage {

    /// A part of a body that is smaller than this is copied to its neighbours: a slice would hold the whole buffer that it came in.
    private static final int SLICED_BYTES = 4096;

    private final BasicPublish publish;
    private final ByteBuf head;
    private final List<ByteBuf> parts = new ArrayList<>(1);
    private final int bodyBytes;
    private MessageProperties properties;
    private int received;
    private long ttlMs = -1;
    private @Nullable PublishId publishId;

    /// @param head what the properties stand in; released with this
    /// @param bodyBytes as declared in the content header, checked against the limit
    Content(BasicPublish publish, MessageProperties properties, ByteBuf head, int bodyBytes) {
        this.publish = publish;
        this.properties = properties;
        this.head = head;
        this.bodyBytes = bodyBytes;
    }

    BasicPublish publish() {
        return publish;
    }

    MessageProperties read() {
        return properties;
    }

    /// Puts other properties in the place of those that came.
    void properties(MessageProperties other) {
        properties = other;
    }

    void ttlMs(long ms) {
        ttlMs = ms;
    }

    void publishId(PublishId id) {
        publishId = id;
    }

    /// Bytes of properties and body.
    int heldBytes() {
        return head.readableBytes() + bodyBytes;
    }

    /// Bytes of the body that are not here yet.
    int missing() {
        return bodyBytes - received;
    }

    /// Adds a part of the body, at most [#missing] bytes.
    void add(ByteBuf part) {
        int bytes = part.readableBytes();
        boolean whole = bytes == bodyBytes;
        received += bytes;
        if (whole || bytes >= SLICED_BYTES) {
            parts.add(part.retainedSlice());
            return;
        }
        ByteBuf last = parts.isEmpty() ? null : parts.getLast();
        if (last == null || last.maxCapacity() < Integer.MAX_VALUE) {
            last = part.alloc().buffer(bytes);
            parts.add(last);
        }
        last.writeBytes(part, part.readerIndex(), bytes);
    }

    void release() {
        head.release();
        parts.forEach(ByteBuf::release);
        parts.clear();
    }

    @Override
    public String exchange() {
        return publish.exchange();
    }

    @Override
    public String routingKey() {
        return publish.routingKey();
    }

    @Override
    public ByteBuffer properties() {
        return properties.stored();
    }

    @Override
    public int bodyBytes() {
        return bodyBytes;
    }

    @Override
    public void copyBody(ByteBuffer target) {
        int limit = target.limit();
        for (ByteBuf part : parts) {
            target.limit(target.position() + part.readableBytes());
            part.getBytes(part.readerIndex(), target);
        }
        target.limit(limit);
    }

    /// The headers, for exchanges that look at them.
    @Override
    public FieldTable get() {
        return properties.headers();
    }

    @Override
    public @Nullable String property(String name) {
        return switch (name) {
            case "message_id" -> properties.messageId();
            case "correlation_id" -> properties.correlationId();
            case "timestamp" ->
                    properties.timestamp() < 0 ? null : Long.toString(properties.timestamp());
            default -> null;
        };
    }

    /// The body in one buffer, for somebody who keeps it.
    ByteBuffer copiedBody() {
        ByteBuffer copy = ByteBuffer.allocate(bodyBytes);
        copyBody(copy);
        return copy.flip();
    }

    /// The whole message as queues keep it, for somebody who keeps it.
    StoredMessage stored() {
        byte[] exchange = exchange().getBytes(StandardCharsets.UTF_8);
        byte[] key = routingKey().getBytes(StandardCharsets.UTF_8);
        ByteBuffer head = properties.stored();
        ByteBuffer bytes =
                ByteBuffer.allocate(
                        StoredMessage.bytes(exchange, key, head.remaining(), bodyBytes));
        StoredMessage.writeHead(bytes, exchange, key, head);
        copyBody(bytes);
        return new StoredMessage(bytes.flip());
    }

    @Override
    public long ttlMs() {
        return ttlMs;
    }

    @Override
    public @Nullable PublishId publishId() {
        return publishId;
    }

    @Override
    public int priority() {
        return properties.priority();
    }

    @Override
    public boolean persistent() {
        return properties.persistent();
    }

    @Override
    public long delayMs() {
        return DelayHeader.ms(properties.headers());
    }
}
