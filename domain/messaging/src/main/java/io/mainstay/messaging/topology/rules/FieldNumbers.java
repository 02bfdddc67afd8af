package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.message.FieldValue;

import org.jspecify.annotations.Nullable;

/// Values of field tables compared as RabbitMQ does: by value, not by the type that a client happened to choose.
public final class FieldNumbers {

    private FieldNumbers() {}

    /// The whole number, or `null` if the value is of another type.
    public static @Nullable Long integer(@Nullable Object value) {
        return switch (value) {
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            case Long number -> number;
            case FieldValue.UnsignedByte(int number) -> (long) number;
            case FieldValue.UnsignedShort(int number) -> (long) number;
            case FieldValue.UnsignedInt(long number) -> number;
            case null, default -> null;
        };
    }

    /// Equal for values that count as equal: whole numbers as `Long`, others as `Double`, a time by its seconds.
    public static Object comparable(Object value) {
        Long integer = integer(value);
        if (integer != null) {
            return integer;
        }
        return switch (value) {
            case FieldValue.Timestamp(long seconds) -> seconds;
            case Float number -> number.doubleValue();
            default -> value;
        };
    }
}
