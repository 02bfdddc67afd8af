package io.mainstay.head.http;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A JSON object that a client sent, taken field by field. What is missing, unknown, twice there or of another type gets a
/// sentence; in the end [#noOthers] refuses the fields that nobody asked for, so that a slip of the pen is no silent default.
final class JsonBody {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final ObjectNode object;
    private final TreeSet<String> known = new TreeSet<>();

    private JsonBody(ObjectNode object) {
        this.object = object;
    }

    /// No bytes are an object without fields.
    static JsonBody parse(byte[] bytes) throws BadRequestException {
        JsonNode value;
        try {
            value = bytes.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(bytes);
        } catch (JacksonException notJson) {
            throw new BadRequestException(
                    "json", "the body is not JSON: " + notJson.getOriginalMessage(), "an object");
        }
        if (value instanceof ObjectNode object) {
            return new JsonBody(object);
        }
        throw new BadRequestException("json", "the body is no JSON object", "an object");
    }

    private @Nullable JsonNode field(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable String text(String name) throws BadRequestException {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name, value, "a text");
        }
        return value.stringValue();
    }

    String text(String name, String absent) throws BadRequestException {
        String value = text(name);
        return value == null ? absent : value;
    }

    String neededText(String name) throws BadRequestException {
        String value = text(name);
        if (value == null || value.isBlank()) {
            throw new BadRequestException(name, name + " is missing", "a text");
        }
        return value;
    }

    int number(String name, int least, int most, int absent) throws BadRequestException {
        JsonNode value = field(name);
        if (value == null) {
            return absent;
        }
        String allowed = least + " to " + most;
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, value, allowed);
        }
        int number = value.intValue();
        if (number < least || number > most) {
            throw wrong(name, value, allowed);
        }
        return number;
    }

    boolean flag(String name, boolean absent) throws BadRequestException {
        JsonNode value = field(name);
        if (value == null) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw wrong(name, value, "true or false");
        }
        return value.booleanValue();
    }

    /// An object whose fields are the caller's business; empty if it is absent.
    ObjectNode object(String name) throws BadRequestException {
        JsonNode value = field(name);
        if (value == null) {
            return MAPPER.createObjectNode();
        }
        if (value instanceof ObjectNode inner) {
            return inner;
        }
        throw wrong(name, value, "an object");
    }

    SortedMap<String, String> texts(String name) throws BadRequestException {
        SortedMap<String, String> texts = new TreeMap<>();
        JsonNode value = field(name);
        if (value == null) {
            return texts;
        }
        if (!(value instanceof ObjectNode pairs)) {
            throw wrong(name, value, "an object of texts");
        }
        for (Map.Entry<String, JsonNode> pair : pairs.properties()) {
            if (!pair.getValue().isString()) {
                throw wrong(name + "." + pair.getKey(), pair.getValue(), "a text");
            }
            texts.put(pair.getKey(), pair.getValue().stringValue());
        }
        return texts;
    }

    /// `null` if it is absent.
    @Nullable List<String> textList(String name) throws BadRequestException {
        JsonNode value = field(name);
        if (value == null) {
            return null;
        }
        if (!value.isArray()) {
            throw wrong(name, value, "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value) {
            if (!one.isString()) {
                throw wrong(name + "[" + texts.size() + "]", one, "a text");
            }
            texts.add(one.stringValue());
        }
        return texts;
    }

    /// To be called when every field that means something was taken.
    void noOthers() throws BadRequestException {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw new BadRequestException(
                        "field",
                        "'" + name + "' is not known here",
                        known.isEmpty() ? "no fields" : String.join(", ", known));
            }
        }
    }

    private static BadRequestException wrong(String name, JsonNode value, String allowed) {
        String shown = value.isValueNode() ? value.toString() : value.getNodeType().toString();
        return new BadRequestException(name, name + " is " + shown, allowed);
    }
}
