package io.mainstay.messaging.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A message as queues keep it.
///
/// ```
/// +----------------+----------+------------------+-----+---------------------+------------+------
/// | exchangeLength | exchange | routingKeyLength | key | propertiesBytes (4) | properties | body
/// +----------------+----------+------------------+-----+---------------------+------------+------
/// ```
/// Lengths of names are one byte, as in AMQP; `properties` are AMQP's property flags and values, as [MessageProperties#stored] makes them. Immutable; slices share the bytes.
public final class StoredMessage {

    private final ByteBuffer bytes;
    private final int keyAt;
    private final int propertiesAt;

    /// @param bytes the whole message from position to limit; not copied
    public StoredMessage(ByteBuffer bytes) {
        this.bytes = bytes.slice();
        this.keyAt = 1 + (this.bytes.get(0) & 0xff);
        this.propertiesAt = keyAt + 1 + (this.bytes.get(keyAt) & 0xff);
    }

    /// Bytes that a message takes.
    public static int bytes(
            byte[] exchange, byte[] routingKey, int propertiesBytes, int bodyBytes) {
        return 1
                + exchange.length
                + 1
                + routingKey.length
                + Integer.BYTES
                + propertiesBytes
                + bodyBytes;
    }

    /// Writes everything in front of the body.
    public static void writeHead(
            ByteBuffer target, byte[] exchange, byte[] routingKey, ByteBuffer properties) {
        target.put((byte) exchange.length).put(exchange);
        target.put((byte) routingKey.length).put(routingKey);
        target.putInt(properties.remaining()).put(properties.duplicate());
    }

    public String exchange() {
        return text(1, keyAt - 1);
    }

    public String routingKey() {
        return text(keyAt + 1, propertiesAt - keyAt - 1);
    }

    /// Exchange as a short string with its length in front, as AMQP writes it.
    public ByteBuffer exchangeBytes() {
        return bytes.slice(0, keyAt);
    }

    /// Routing key as a short string with its length in front.
    public ByteBuffer routingKeyBytes() {
        return bytes.slice(keyAt, propertiesAt - keyAt);
    }

    /// Properties as everybody may see them: without BCC.
    public ByteBuffer properties() {
        return MessageProperties.visible(storedProperties());
    }

    /// Properties as [MessageProperties#stored] made them.
    public ByteBuffer storedProperties() {
        return bytes.slice(propertiesAt + Integer.BYTES, bytes.getInt(propertiesAt));
    }

    public int bodyBytes() {
        return bytes.limit() - bodyAt();
    }

    public ByteBuffer body() {
        int at = bodyAt();
        return bytes.slice(at, bytes.limit() - at);
    }

    private int bodyAt() {
        return propertiesAt + Integer.BYTES + bytes.getInt(propertiesAt);
    }

    private String text(int at, int length) {
        return StandardCharsets.UTF_8.decode(bytes.slice(at, length)).toString();
    }
}
