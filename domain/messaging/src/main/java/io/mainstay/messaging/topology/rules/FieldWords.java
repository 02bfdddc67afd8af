package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTypes;
import io.mainstay.messaging.message.FieldValue;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// Values of field tables in the words of RabbitMQ's errors, which clients and their tests read.
final class FieldWords {

    private FieldWords() {}

    /// A value by itself, text without quotes.
    static String value(Object value) {
        Object plain = FieldNumbers.comparable(value);
        return switch (plain) {
            case FieldValue.Bytes(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
            case FieldTable table -> table.values().toString();
            case FieldValue.Void nothing -> "undefined";
            default -> String.valueOf(plain);
        };
    }

    /// A value as a term, text with quotes.
    static String term(Object value) {
        return switch (value) {
            case String text -> "<<\"" + text + "\">>";
            case List<?> list ->
                    list.stream().map(FieldWords::term).collect(Collectors.joining(",", "[", "]"));
            default -> value(value);
        };
    }

    /// How an argument is quoted when one side has it and the other has not.
    static String described(@Nullable Object value) {
        return value == null
                ? "none"
                : "the value '%s' of type '%s'".formatted(value(value), FieldTypes.name(value));
    }
}
