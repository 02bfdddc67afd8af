package io.mainstay.messaging.message;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// Who published a message, and its number there: a queue that has this one does not take it again. It comes in two headers and is no part of the
/// message afterwards, so whoever passes a message on does not publish under the name of another.
///
/// @param publisher 1 to [#MAX_BYTES] bytes of UTF-8
/// @param sequence 0 and up; different for each message of the publisher
public record PublishId(String publisher, long sequence) {

    public static final String PUBLISHER = "x-deduplication-publisher";
    public static final String SEQUENCE = "x-deduplication-sequence";

    public static final int MAX_BYTES = 255;

    /// What the headers say; `null` if there is neither of them.
    ///
    /// @throws FieldTableException if there is one of them only, or one has an impossible value
    public static @Nullable PublishId of(FieldTable headers) throws FieldTableException {
        Object publisher = headers.get(PUBLISHER);
        Object sequence = headers.get(SEQUENCE);
        if (publisher == null && sequence == null) {
            return null;
        }
        return new PublishId(publisher(publisher), sequence(sequence));
    }

    /// The headers of the message as queues keep it.
    public static FieldTable without(FieldTable headers) {
        return headers.without(PUBLISHER).without(SEQUENCE);
    }

    private static String publisher(@Nullable Object value) throws FieldTableException {
        if (!(value instanceof String text)) {
            throw new FieldTableException(
                    "header '%s' is %s, allowed: a text".formatted(PUBLISHER, shown(value)));
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw new FieldTableException(
                    "header '%s' has %d bytes, allowed: 1 to %d"
                            .formatted(PUBLISHER, bytes, MAX_BYTES));
        }
        return text;
    }

    private static long sequence(@Nullable Object value) throws FieldTableException {
        Long number =
                switch (value) {
                    case Byte n -> n.longValue();
                    case Short n -> n.longValue();
                    case Integer n -> n.longValue();
                    case Long n -> n;
                    case FieldValue.UnsignedByte(int n) -> (long) n;
                    case FieldValue.UnsignedShort(int n) -> (long) n;
                    case FieldValue.UnsignedInt(long n) -> n;
                    case null, default -> null;
                };
        if (number == null || number < 0) {
            throw new FieldTableException(
                    "header '%s' is %s, allowed: a whole number from 0 to %d"
                            .formatted(
                                    SEQUENCE,
                                    number == null ? shown(value) : number,
                                    Long.MAX_VALUE));
        }
        return number;
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "absent" : "of type " + FieldTypes.name(value);
    }
}
