package io.mainstay.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the text of a value by the type of its setting.
final class Values {

    static final int MAX_TEXT = 1_024;
    static final int MAX_ENTRIES = 64;

    private static final Map<String, Integer> SHIFTS =
            Map.of("kib", 10, "mib", 20, "gib", 30, "k", 10, "m", 20, "g", 30);

    private static final Pattern RATIO = Pattern.compile("0(\\.[0-9]{1,12})?|1(\\.0{1,12})?");

    private Values() {}

    /// What is wrong with `text`, empty if nothing.
    static Optional<String> refusal(Setting setting, String text) {
        boolean good =
                switch (setting.type()) {
                    case NUMBER -> inRange(setting, text);
                    case RATIO -> RATIO.matcher(text).matches();
                    case SWITCH -> text.equals("true") || text.equals("false");
                    case CHOICE -> setting.allowed().contains(text);
                    case TEXT -> text.length() <= MAX_TEXT;
                    case PATH -> text.length() <= MAX_TEXT && isPath(text);
                    case LIST ->
                            text.length() <= MAX_ENTRIES * MAX_TEXT
                                    && list(text).size() <= MAX_ENTRIES;
                };
        return good
                ? Optional.empty()
                : Optional.of(
                        "%s is \"%s\", allowed: %s"
                                .formatted(setting.key(), shortened(text), setting.allowedText()));
    }

    /// @throws NumberFormatException if it is none
    static long number(Setting setting, String text) {
        String digits = text.strip().replace("_", "");
        if (!setting.unit().equals("bytes")) {
            return Long.parseLong(digits);
        }
        int end = 0;
        while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
            end++;
        }
        String suffix = digits.substring(end).strip().toLowerCase(Locale.ROOT);
        Integer shift = suffix.isEmpty() ? Integer.valueOf(0) : SHIFTS.get(suffix);
        if (shift == null) {
            throw new NumberFormatException("unknown suffix " + suffix);
        }
        try {
            return Math.multiplyExact(Long.parseLong(digits.substring(0, end)), 1L << shift);
        } catch (ArithmeticException tooLarge) {
            throw (NumberFormatException) new NumberFormatException(text).initCause(tooLarge);
        }
    }

    static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private static boolean inRange(Setting setting, String text) {
        try {
            long number = number(setting, text);
            return number >= setting.min() && number <= setting.max();
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private static boolean isPath(String text) {
        try {
            return !Path.of(text).toString().isEmpty() || text.isEmpty();
        } catch (InvalidPathException notAPath) {
            return false;
        }
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
