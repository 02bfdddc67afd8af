package io.mainstay.cli.messaging;

import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;

import java.util.LinkedHashMap;
import java.util.Map;

/// A value of an argument as somebody types it: `true` and `false`, whole numbers, text; text that looks like one of these in double quotes.
final class TypedValue {

    private TypedValue() {}

    static Map<String, Object> of(Map<String, String> texts) {
        Map<String, Object> values = new LinkedHashMap<>();
        texts.forEach((name, text) -> values.put(name, of(text)));
        return values;
    }

    static Object of(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (text.matches("-?[0-9]{1,18}")) {
            return Long.valueOf(text);
        }
        if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
            Object parsed = Json.parse(text);
            if (parsed instanceof String quoted) {
                return quoted;
            }
            throw new CliException(ExitCode.USAGE, text + " is no text in double quotes");
        }
        return text;
    }
}
