package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTypes;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What values of arguments may be. Each says what is wrong in the form in which RabbitMQ prints it, or `null`.
final class Checks {

    private static final long MAX_EXPIRY_MS = 315_360_000_000L;
    private static final int MAX_PRIORITY = 255;

    private Checks() {}

    static @Nullable String anything(Object value, FieldTable arguments) {
        return null;
    }

    static @Nullable String integer(Object value, FieldTable arguments) {
        return FieldNumbers.integer(value) == null
                ? "\"expected integer, got " + FieldTypes.name(value) + "\""
                : null;
    }

    static @Nullable String notNegative(Object value, FieldTable arguments) {
        Long number = FieldNumbers.integer(value);
        return number != null && number < 0
                ? "{value_negative," + number + "}"
                : integer(value, arguments);
    }

    static @Nullable String positive(Object value, FieldTable arguments) {
        Long number = FieldNumbers.integer(value);
        return number != null && number == 0 ? "{value_zero,0}" : notNegative(value, arguments);
    }

    static @Nullable String ttl(Object value, FieldTable arguments) {
        Long number = FieldNumbers.integer(value);
        return number != null && number > MAX_EXPIRY_MS
                ? "{value_too_large," + number + "}"
                : notNegative(value, arguments);
    }

    static @Nullable String expiry(Object value, FieldTable arguments) {
        String wrong = positive(value, arguments);
        return wrong == null ? ttl(value, arguments) : wrong;
    }

    static @Nullable String priority(Object value, FieldTable arguments) {
        Long number = FieldNumbers.integer(value);
        return number != null && number > MAX_PRIORITY
                ? "{max_value_exceeded," + number + "}"
                : notNegative(value, arguments);
    }

    static @Nullable String mode(Object value, FieldTable arguments) {
        if (!(value instanceof String text)) {
            return unacceptable(value);
        }
        return text.equals("lazy") || text.equals("default")
                ? null
                : "\"unsupported queue mode '" + text + "'\"";
    }

    static @Nullable String version(Object value, FieldTable arguments) {
        Long number = FieldNumbers.integer(value);
        return number != null && number != 1 && number != 2 && number >= 0
                ? "\"unsupported queue version '" + number + "'\""
                : notNegative(value, arguments);
    }

    static @Nullable String flag(Object value, FieldTable arguments) {
        return value instanceof Boolean ? null : unacceptable(value);
    }

    static @Nullable String text(Object value, FieldTable arguments) {
        return value instanceof String ? null : unacceptable(value);
    }

    static @Nullable String deadLetterKey(Object value, FieldTable arguments) {
        if (!(value instanceof String)) {
            return unacceptable(value);
        }
        return arguments.get("x-dead-letter-exchange") == null
                ? "routing_key_but_no_dlx_defined"
                : null;
    }

    static @Nullable String age(Object value, FieldTable arguments) {
        if (!(value instanceof String text)) {
            return unacceptable(value);
        }
        return MaxAge.ms(text) == null ? "invalid_max_age" : null;
    }

    static QueueArgument.Check oneOf(String otherwise, String... allowed) {
        List<String> all = List.of(allowed);
        return (value, arguments) -> {
            if (!(value instanceof String text)) {
                return unacceptable(value);
            }
            return all.contains(text) ? null : otherwise;
        };
    }

    private static String unacceptable(Object value) {
        return "{unacceptable_type," + FieldTypes.name(value) + "}";
    }
}
