package io.mainstay.messaging.message;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/// The header `x-delay` of a message: how many milliseconds it waits at a delayed exchange. It is negated when the message is routed, so that another
/// delayed exchange on its further way does not hold it again.
public final class DelayHeader {

    public static final String NAME = "x-delay";

    private DelayHeader() {}

    /// Milliseconds, more than 0; or 0 if the message is not to wait: the header is absent, not above 0, or no number. A fraction is cut off, a text must be a
    /// whole number.
    public static long ms(FieldTable headers) {
        return Math.max(0, number(headers.get(NAME)));
    }

    private static long number(@Nullable Object value) {
        return switch (value) {
            case Byte n -> n;
            case Short n -> n;
            case Integer n -> n;
            case Long n -> n;
            case Float n -> n.longValue();
            case Double n -> n.longValue();
            case BigDecimal n -> (long) n.doubleValue();
            case FieldValue.UnsignedByte(int n) -> n;
            case FieldValue.UnsignedShort(int n) -> n;
            case FieldValue.UnsignedInt(long n) -> n;
            case String text -> number(text);
            case null, default -> 0;
        };
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }

    /// The headers of a message that has waited. A whole number keeps its type if that has a sign.
    public static FieldTable negated(FieldTable headers) {
        Object value = headers.get(NAME);
        return switch (value) {
            case Byte n -> headers.with(NAME, (byte) -n);
            case Short n -> headers.with(NAME, (short) -n);
            case Integer n -> headers.with(NAME, -n);
            case null -> headers;
            default -> headers.with(NAME, -number(value));
        };
    }
}
