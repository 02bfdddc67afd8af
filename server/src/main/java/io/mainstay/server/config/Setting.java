package io.mainstay.server.config;

import java.util.List;
import java.util.Locale;

/// One key that can be set.
///
/// @param key lower case, parts joined by `.`, words by `-`
/// @param type what its text must look like
/// @param fallback its default as text; empty means "not set"
/// @param unit of the value, empty if it has none
/// @param min smallest number, `max` largest number; both 0 for types that are not numbers
/// @param allowed the words of a [Type#CHOICE]
/// @param description one sentence for the reference
/// @param reloadable whether a running node takes a new value without restart
public record Setting(
        String key,
        Type type,
        String fallback,
        String unit,
        long min,
        long max,
        List<String> allowed,
        String description,
        boolean reloadable) {

    /// How the text of a value is read.
    public enum Type {
        /// Decimal, with an optional `KiB`, `MiB` or `GiB` where the unit is bytes.
        NUMBER,
        /// Decimal, 0 to 1.
        RATIO,
        /// `true` or `false`.
        SWITCH,
        /// One word of a list.
        CHOICE,
        /// Any text, at most [Values#MAX_TEXT] characters.
        TEXT,
        /// A path of this machine.
        PATH,
        /// Texts joined by commas; a sequence in YAML.
        LIST
    }

    static Setting number(
            String key, String fallback, String unit, long min, long max, String description) {
        return new Setting(
                key, Type.NUMBER, fallback, unit, min, max, List.of(), description, false);
    }

    static Setting of(Type type, String key, String fallback, String description) {
        return new Setting(key, type, fallback, "", 0, 0, List.of(), description, false);
    }

    static Setting choice(String key, String fallback, List<String> allowed, String description) {
        return new Setting(key, Type.CHOICE, fallback, "", 0, 0, allowed, description, false);
    }

    /// `http.body-max-bytes` is `MAINSTAY_HTTP_BODY_MAX_BYTES`.
    public String environmentName() {
        return "MAINSTAY_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /// The allowed values, for people.
    public String allowedText() {
        return switch (type) {
            case NUMBER ->
                    grouped(min) + " to " + grouped(max) + (unit.isEmpty() ? "" : " " + unit);
            case RATIO -> "0 to 1, as 0.01";
            case SWITCH -> "true or false";
            case CHOICE -> String.join(", ", allowed);
            case TEXT -> "text of up to " + Values.MAX_TEXT + " characters";
            case PATH -> "a path";
            case LIST -> "texts joined by commas, up to " + Values.MAX_ENTRIES;
        };
    }

    private static String grouped(long number) {
        return number < 10_000 ? Long.toString(number) : String.format(Locale.ROOT, "%,d", number);
    }
}
