package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A JSON object that a client sent. As at RabbitMQ, fields that nobody asks for are ignored, and numbers and truth may stand in quotes.
final class Body {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ObjectNode object;

    Body(ObjectNode object) {
        this.object = object;
    }

    /// No bytes are an object without fields.
    static Body parse(byte[] bytes) throws RefusedException {
        JsonNode value;
        try {
            value = bytes.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(bytes);
        } catch (JacksonException notJson) {
            throw RefusedException.bad("not_json: " + notJson.getOriginalMessage());
        }
        if (value instanceof ObjectNode object) {
            return new Body(object);
        }
        throw RefusedException.bad("not_json: the body is no JSON object");
    }

    /// `null` if it is absent or null.
    @Nullable JsonNode node(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable String text(String name) throws RefusedException {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name, value, "a text");
        }
        return value.stringValue();
    }

    String text(String name, String absent) throws RefusedException {
        String value = text(name);
        return value == null ? absent : value;
    }

    String needed(String name) throws RefusedException {
        String value = text(name);
        if (value == null) {
            throw RefusedException.bad("key_missing: " + name);
        }
        return value;
    }

    boolean truth(String name, boolean absent) throws RefusedException {
        JsonNode value = node(name);
        if (value == null) {
            return absent;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        String text = value.isString() ? value.stringValue() : "";
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw wrong(name, value, "true or false");
    }

    long number(String name, long least, long most, long absent) throws RefusedException {
        JsonNode value = node(name);
        if (value == null) {
            return absent;
        }
        String allowed = least + " to " + most;
        long number;
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            number = value.longValue();
        } else if (value.isString()) {
            try {
                number = Long.parseLong(value.stringValue());
            } catch (NumberFormatException notANumber) {
                throw wrong(name, value, allowed);
            }
        } else {
            throw wrong(name, value, allowed);
        }
        if (number < least || number > most) {
            throw wrong(name, value, allowed);
        }
        return number;
    }

    /// An object as a field table; empty if it is absent. RabbitMQ's own export writes an empty one as a list now and then.
    FieldTable table(String name) throws RefusedException {
        JsonNode value = node(name);
        if (value == null || (value.isArray() && value.isEmpty())) {
            return FieldTable.EMPTY;
        }
        if (value instanceof ObjectNode pairs) {
            return FieldTables.table(pairs);
        }
        throw wrong(name, value, "an object");
    }

    static RefusedException wrong(String name, JsonNode value, String allowed) {
        String shown = value.isValueNode() ? value.toString() : value.getNodeType().toString();
        return RefusedException.bad("%s is %s, allowed: %s".formatted(name, shown, allowed));
    }
}
