package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Field tables as JSON objects and back. JSON knows fewer types: integers come back as 64 bits, fractions as doubles, as at RabbitMQ.
final class FieldTables {

    /// Bytes of the name of a field.
    private static final int MAX_NAME_BYTES = 255;

    /// Tables in tables.
    private static final int MAX_DEPTH = 32;

    private FieldTables() {}

    static Map<String, @Nullable Object> json(FieldTable table) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        table.values().forEach((name, value) -> fields.put(name, json(value)));
        return fields;
    }

    private static @Nullable Object json(Object value) {
        return switch (value) {
            case FieldTable table -> json(table);
            case List<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (Object item : list) {
                    items.add(json(item));
                }
                yield items;
            }
            case FieldValue.UnsignedByte(int number) -> number;
            case FieldValue.UnsignedShort(int number) -> number;
            case FieldValue.UnsignedInt(long number) -> number;
            case FieldValue.Timestamp(long seconds) -> seconds;
            case FieldValue.Bytes(byte[] bytes) -> Base64.getEncoder().encodeToString(bytes);
            case FieldValue.Void nothing -> null;
            default -> value;
        };
    }

    static FieldTable table(ObjectNode object) throws RefusedException {
        return table(object, 1);
    }

    private static FieldTable table(ObjectNode object, int depth) throws RefusedException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                throw RefusedException.bad(
                        "the name of a field has more than %d bytes".formatted(MAX_NAME_BYTES));
            }
            values.put(name, value(name, field.getValue(), depth));
        }
        return new FieldTable(values);
    }

    private static Object value(String name, JsonNode value, int depth) throws RefusedException {
        if (depth > MAX_DEPTH) {
            throw RefusedException.bad("%s lies in more than %d tables".formatted(name, MAX_DEPTH));
        }
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> {
                if (value.isIntegralNumber() && !value.canConvertToLong()) {
                    throw Body.wrong(name, value, "a number of 64 bits");
                }
                yield value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue();
            }
            case OBJECT -> table((ObjectNode) value, depth + 1);
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonNode item : value) {
                    items.add(value(name, item, depth + 1));
                }
                yield List.copyOf(items);
            }
            case NULL -> FieldValue.Void.VOID;
            case BINARY, MISSING, POJO -> throw Body.wrong(name, value, "a JSON value");
        };
    }
}
