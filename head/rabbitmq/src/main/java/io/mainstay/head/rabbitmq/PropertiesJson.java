package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.MessageProperties.Property;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The properties of a message as RabbitMQ's JSON names them, `delivery_mode` and the like.
final class PropertiesJson {

    private static final int MAX_SHORT_BYTES = 255;

    private PropertiesJson() {}

    static Map<String, @Nullable Object> json(MessageProperties properties) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Property property : Property.values()) {
            if (properties.has(property)) {
                fields.put(property.shown(), value(properties, property));
            }
        }
        return fields;
    }

    private static @Nullable Object value(MessageProperties properties, Property property) {
        return switch (property.form()) {
            case TEXT -> properties.text(property);
            case TABLE -> FieldTables.json(properties.headers());
            case TIME -> properties.timestamp();
            case OCTET ->
                    property == Property.PRIORITY
                            ? properties.priority()
                            : properties.deliveryMode();
        };
    }

    /// Names that are no property are refused: a typing error would be lost otherwise.
    static MessageProperties of(@Nullable JsonNode value) throws RefusedException {
        if (value == null || (value.isArray() && value.isEmpty())) {
            return MessageProperties.NONE;
        }
        if (!(value instanceof ObjectNode object)) {
            throw Body.wrong("properties", value, "an object");
        }
        Body body = new Body(object);
        MessageProperties properties = MessageProperties.NONE;
        for (String name : object.propertyNames()) {
            if (body.node(name) != null) {
                properties = with(properties, property(name), body);
            }
        }
        return properties;
    }

    private static Property property(String name) throws RefusedException {
        for (Property property : Property.values()) {
            if (property.shown().equals(name)) {
                return property;
            }
        }
        throw RefusedException.bad("a message has no property '" + name + "'");
    }

    private static MessageProperties with(
            MessageProperties properties, Property property, Body body) throws RefusedException {
        String name = property.shown();
        return switch (property.form()) {
            case TEXT -> properties.withText(property, shortText(name, body.needed(name)));
            case TABLE -> {
                FieldTable headers = body.table(name);
                yield properties.withHeaders(headers);
            }
            case TIME -> properties.withTimestamp(body.number(name, 0, Long.MAX_VALUE, 0));
            case OCTET ->
                    property == Property.PRIORITY
                            ? properties.withPriority((int) body.number(name, 0, 255, 0))
                            : properties.withDeliveryMode((int) body.number(name, 0, 255, 1));
        };
    }

    static String shortText(String name, String text) throws RefusedException {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_SHORT_BYTES) {
            throw RefusedException.bad(
                    "%s has more than %d bytes".formatted(name, MAX_SHORT_BYTES));
        }
        return text;
    }
}
