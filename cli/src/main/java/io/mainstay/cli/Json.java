package io.mainstay.cli;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JSON as maps in their order, lists, texts, numbers, booleans and null: enough for a table, and no mapper to load.
/// Depth and sizes are bounded by the parser's own limits.
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /// @throws CliException if `text` is not one JSON value
    public static @Nullable Object parse(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return value(parser);
        } catch (JacksonException notJson) {
            throw new CliException(
                    ExitCode.FAILED,
                    "the answer is not JSON: is this the admin API of a Mainstay node?",
                    notJson);
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                object.put(name, value(parser));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getNumberValue();
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return parser.getBooleanValue();
        }
        return token == JsonToken.VALUE_STRING ? parser.getString() : null;
    }

    /// On one line.
    public static String write(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(generator, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator to, @Nullable Object value) {
        switch (value) {
            case null -> to.writeNull();
            case Map<?, ?> object -> {
                to.writeStartObject();
                for (Map.Entry<?, ?> entry : object.entrySet()) {
                    to.writeName(String.valueOf(entry.getKey()));
                    write(to, entry.getValue());
                }
                to.writeEndObject();
            }
            case Iterable<?> array -> {
                to.writeStartArray();
                for (Object entry : array) {
                    write(to, entry);
                }
                to.writeEndArray();
            }
            case Boolean flag -> to.writeBoolean(flag);
            case Integer number -> to.writeNumber(number);
            case Long number -> to.writeNumber(number);
            case Double number -> to.writeNumber(number);
            case java.math.BigInteger number -> to.writeNumber(number);
            default -> to.writeString(value.toString());
        }
    }

    /// The member `name` of an object; null if it is absent or `value` is none.
    public static @Nullable Object member(@Nullable Object value, String name) {
        return value instanceof Map<?, ?> object ? object.get(name) : null;
    }

    /// What stands below a path of names joined by dots.
    public static @Nullable Object at(@Nullable Object value, String path) {
        Object at = value;
        for (String name : path.split("\\.")) {
            at = member(at, name);
        }
        return at;
    }

    /// `value` as a list: itself, or its member `name`, or nothing.
    public static List<?> list(@Nullable Object value, String name) {
        Object array = value instanceof List<?> ? value : member(value, name);
        return array instanceof List<?> entries ? entries : List.of();
    }
}
