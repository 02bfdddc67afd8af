package io.mainstay.messaging.message;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// AMQP's basic properties of a message, read where they stand when they are asked for.
///
/// ```
/// +-----------+-------------------------------------------------------
/// | flags (2) | values of the properties whose flag is set, in order
/// +-----------+-------------------------------------------------------
/// ```
/// Immutable; the bytes are checked once, at the beginning, and shared with whoever gave them. Not thread-safe while headers are read the
/// first time: reading them twice gives equal tables.
public final class MessageProperties {

    /// Properties of a message that has none.
    public static final MessageProperties NONE =
            new MessageProperties(ByteBuffer.allocate(2).asReadOnlyBuffer(), startsOfNone());

    private final ByteBuffer bytes;

    /// Where each property begins, by [Property#ordinal()]; one more: the end.
    private final int[] starts;

    private @Nullable FieldTable headers;

    /// A flag that no client can set: the headers have a BCC, which belongs to the message and is shown to nobody.
    private static final int BLIND = 0b10;

    private static final String BCC = "BCC";

    private MessageProperties(ByteBuffer bytes, int[] starts) {
        this.bytes = bytes;
        this.starts = starts;
    }

    /// @param bytes flags and values from position to limit; not copied
    /// @throws FieldTableException if they are no properties, or bytes are left over
    public static MessageProperties of(ByteBuffer bytes) throws FieldTableException {
        ByteBuffer own = bytes.slice();
        ByteBuffer source = own.duplicate();
        FieldTableCodec.need(source, 2, "property flags");
        int flags = source.getShort() & 0xffff;
        if ((flags & 0b11) != 0) {
            throw new FieldTableException("unknown property flags: 0x%04x".formatted(flags));
        }
        Property[] all = Property.VALUES;
        int[] starts = new int[all.length + 1];
        for (Property property : all) {
            starts[property.ordinal()] = source.position();
            if ((flags & property.flag()) != 0) {
                skip(source, property);
            }
        }
        starts[all.length] = source.position();
        if (source.hasRemaining()) {
            throw new FieldTableException(
                    source.remaining() + " bytes are left over behind the properties");
        }
        return new MessageProperties(own, starts);
    }

    /// Properties as [#stored] gave them, BCC included.
    ///
    /// @throws FieldTableException as [#of]
    public static MessageProperties ofStored(ByteBuffer bytes) throws FieldTableException {
        if (!isBlind(bytes)) {
            return of(bytes);
        }
        ByteBuffer plain = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        return of(plain.putShort(0, (short) (plain.getShort(0) & ~BLIND)));
    }

    private static boolean isBlind(ByteBuffer bytes) {
        return bytes.remaining() >= 2 && (bytes.getShort(bytes.position()) & BLIND) != 0;
    }

    /// What everybody may see of properties as [#stored] gave them: the same bytes, most often.
    static ByteBuffer visible(ByteBuffer bytes) {
        if (!isBlind(bytes)) {
            return bytes;
        }
        try {
            return ofStored(bytes).withoutBlindCopies().bytes();
        } catch (FieldTableException e) {
            throw new IllegalStateException("properties were checked and cannot be read", e);
        }
    }

    private static int[] startsOfNone() {
        int[] starts = new int[Property.VALUES.length + 1];
        Arrays.fill(starts, 2);
        return starts;
    }

    private static void skip(ByteBuffer source, Property property) throws FieldTableException {
        switch (property.form()) {
            case TEXT -> {
                FieldTableCodec.need(source, 1, "the length of a short string");
                int length = source.get() & 0xff;
                FieldTableCodec.need(source, length, property.shown());
                source.position(source.position() + length);
            }
            case TABLE -> FieldTableCodec.check(source);
            case OCTET -> {
                FieldTableCodec.need(source, 1, property.shown());
                source.get();
            }
            case TIME -> {
                FieldTableCodec.need(source, 8, property.shown());
                source.getLong();
            }
        }
    }

    /// Flags and values, position 0.
    public ByteBuffer bytes() {
        return bytes.slice();
    }

    /// As a queue keeps them: a message that dies or waits is routed again by its BCC, too, so that it stays and is marked.
    public ByteBuffer stored() {
        if (!has(Property.HEADERS) || headers().get(BCC) == null) {
            return bytes();
        }
        ByteBuffer marked = ByteBuffer.allocate(bytes.limit()).put(bytes.slice()).flip();
        return marked.putShort(0, (short) (marked.getShort(0) | BLIND));
    }

    public MessageProperties withoutBlindCopies() {
        return headers().get(BCC) == null ? this : withHeaders(headers().without(BCC));
    }

    public boolean has(Property property) {
        return (bytes.getShort(0) & property.flag()) != 0;
    }

    /// A property that is text, or `null` if it is absent.
    public @Nullable String text(Property property) {
        if (!has(property) || property.form() != Property.Form.TEXT) {
            return null;
        }
        int start = starts[property.ordinal()];
        byte[] text = new byte[bytes.get(start) & 0xff];
        bytes.get(start + 1, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    public @Nullable String contentType() {
        return text(Property.CONTENT_TYPE);
    }

    public @Nullable String contentEncoding() {
        return text(Property.CONTENT_ENCODING);
    }

    /// Empty if there are none; use [#has] to tell an empty table from an absent one.
    public FieldTable headers() {
        if (headers == null) {
            headers = has(Property.HEADERS) ? readHeaders() : FieldTable.EMPTY;
        }
        return headers;
    }

    private FieldTable readHeaders() {
        try {
            return FieldTableCodec.decode(bytes.duplicate().position(start(Property.HEADERS)));
        } catch (FieldTableException broken) {
            throw new IllegalStateException("the headers were checked and cannot be read", broken);
        }
    }

    /// 0 if it is absent; 2 means persistent.
    public int deliveryMode() {
        return octet(Property.DELIVERY_MODE);
    }

    public boolean persistent() {
        return deliveryMode() == 2;
    }

    /// 0 to 255, 0 if it is absent.
    public int priority() {
        return octet(Property.PRIORITY);
    }

    public @Nullable String correlationId() {
        return text(Property.CORRELATION_ID);
    }

    public @Nullable String replyTo() {
        return text(Property.REPLY_TO);
    }

    public @Nullable String expiration() {
        return text(Property.EXPIRATION);
    }

    public @Nullable String messageId() {
        return text(Property.MESSAGE_ID);
    }

    /// Unix time in seconds, -1 if it is absent.
    public long timestamp() {
        return has(Property.TIMESTAMP) ? bytes.getLong(start(Property.TIMESTAMP)) : -1;
    }

    public @Nullable String type() {
        return text(Property.TYPE);
    }

    public @Nullable String userId() {
        return text(Property.USER_ID);
    }

    public @Nullable String appId() {
        return text(Property.APP_ID);
    }

    public @Nullable String clusterId() {
        return text(Property.CLUSTER_ID);
    }

    /// The same properties with these headers, also if there were none.
    public MessageProperties withHeaders(FieldTable table) {
        return replaced(Property.HEADERS, FieldTableCodec.encode(table));
    }

    /// The same properties with one header more, or another value of it. The others are copied as they stand, unless one of them may have that name.
    public MessageProperties withHeader(String name, long value) {
        byte[] key = FieldTableCodec.shortString(name);
        int from = start(Property.HEADERS) + Integer.BYTES;
        int present = has(Property.HEADERS) ? bytes.getInt(from - Integer.BYTES) : 0;
        if (holds(key, from, from + present)) {
            return withHeaders(headers().with(name, value));
        }
        int length = present + 1 + key.length + 1 + Long.BYTES;
        ByteBuffer table = ByteBuffer.allocate(Integer.BYTES + length).putInt(length);
        if (present > 0) {
            table.put(bytes.slice(from, present));
        }
        table.put((byte) key.length).put(key).put((byte) 'l').putLong(value);
        return replaced(Property.HEADERS, table.array());
    }

    /// Whether these bytes are somewhere in between.
    private boolean holds(byte[] wanted, int from, int to) {
        for (int at = from; at <= to - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && bytes.get(at + same) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }

    public MessageProperties withoutExpiration() {
        return without(Property.EXPIRATION);
    }

    public MessageProperties without(Property property) {
        return has(property) ? replaced(property, null) : this;
    }

    /// The same properties with another text.
    public MessageProperties withText(Property property, String text) {
        byte[] encoded = FieldTableCodec.shortString(text);
        return replaced(
                property,
                ByteBuffer.allocate(1 + encoded.length)
                        .put((byte) encoded.length)
                        .put(encoded)
                        .array());
    }

    public MessageProperties withDeliveryMode(int mode) {
        return replaced(Property.DELIVERY_MODE, new byte[] {(byte) mode});
    }

    public MessageProperties withPriority(int priority) {
        return replaced(Property.PRIORITY, new byte[] {(byte) priority});
    }

    /// @param seconds Unix time
    public MessageProperties withTimestamp(long seconds) {
        return replaced(Property.TIMESTAMP, ByteBuffer.allocate(8).putLong(seconds).array());
    }

    private MessageProperties replaced(Property property, byte @Nullable [] value) {
        int from = start(property);
        int to = starts[property.ordinal() + 1];
        int flags = bytes.getShort(0) & 0xffff & ~property.flag();
        byte[] middle = value == null ? new byte[0] : value;
        ByteBuffer next = ByteBuffer.allocate(bytes.limit() - (to - from) + middle.length);
        next.putShort((short) (value == null ? flags : flags | property.flag()));
        next.put(bytes.slice(2, from - 2)).put(middle).put(bytes.slice(to, bytes.limit() - to));
        int[] moved = starts.clone();
        for (int i = property.ordinal() + 1; i < moved.length; i++) {
            moved[i] += middle.length - (to - from);
        }
        return new MessageProperties(next.flip(), moved);
    }

    private int start(Property property) {
        return starts[property.ordinal()];
    }

    private int octet(Property property) {
        return has(property) ? bytes.get(start(property)) & 0xff : 0;
    }

    /// The properties in the order of their flags.
    public enum Property {
        CONTENT_TYPE("content_type", Form.TEXT),
        CONTENT_ENCODING("content_encoding", Form.TEXT),
        HEADERS("headers", Form.TABLE),
        DELIVERY_MODE("delivery_mode", Form.OCTET),
        PRIORITY("priority", Form.OCTET),
        CORRELATION_ID("correlation_id", Form.TEXT),
        REPLY_TO("reply_to", Form.TEXT),
        EXPIRATION("expiration", Form.TEXT),
        MESSAGE_ID("message_id", Form.TEXT),
        TIMESTAMP("timestamp", Form.TIME),
        TYPE("type", Form.TEXT),
        USER_ID("user_id", Form.TEXT),
        APP_ID("app_id", Form.TEXT),
        CLUSTER_ID("cluster_id", Form.TEXT);

        static final Property[] VALUES = values();

        private final String shown;
        private final Form form;

        Property(String shown, Form form) {
            this.shown = shown;
            this.form = form;
        }

        /// RabbitMQ's name, as its management API has it.
        public String shown() {
            return shown;
        }

        public Form form() {
            return form;
        }

        int flag() {
            return 0x8000 >> ordinal();
        }

        /// How a property is written.
        public enum Form {
            TEXT,
            TABLE,
            OCTET,
            TIME
        }
    }
}
