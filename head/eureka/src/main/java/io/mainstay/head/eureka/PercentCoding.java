package io.mainstay.head.eureka;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Undoes percent-encoding in paths and queries (RFC 3986); bytes are UTF-8.
final class PercentCoding {

    private PercentCoding() {}

    /// One path segment; `+` is itself.
    static String segment(String raw) throws BadInputException {
        return decode(raw, false);
    }

    /// The first value of `name` in a raw query, or `null`. Names are compared undecoded: Eureka's are plain letters.
    /// A text as one segment of a path.
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static @Nullable String first(@Nullable String query, String name) throws BadInputException {
        if (query == null) {
            return null;
        }
        int at = 0;
        while (at < query.length()) {
            int end = query.indexOf('&', at);
            end = end < 0 ? query.length() : end;
            int value = at + name.length();
            if (value < end && query.charAt(value) == '=' && query.startsWith(name, at)) {
                return decode(query.substring(value + 1, end), true);
            }
            at = end + 1;
        }
        return null;
    }

    /// All pairs of a raw query; of several values the first wins, as with Eureka.
    static TreeMap<String, String> pairs(@Nullable String query) throws BadInputException {
        TreeMap<String, String> pairs = new TreeMap<>();
        if (query == null) {
            return pairs;
        }
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                putFirst(pairs, decode(name, true), decode(value, true));
            }
        }
        return pairs;
    }

    private static void putFirst(Map<String, String> pairs, String name, String value) {
        pairs.putIfAbsent(name, value);
    }

    private static String decode(String raw, boolean plusIsSpace) throws BadInputException {
        if (raw.indexOf('%') < 0 && (!plusIsSpace || raw.indexOf('+') < 0)) {
            return raw;
        }
        byte[] source = raw.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            if (b == '%') {
                if (i + 2 >= source.length) {
                    throw new BadInputException("The address ends within a percent-encoding.");
                }
                int value = hex(source[i + 1]) << 4 | hex(source[i + 2]);
                decoded[length++] = (byte) value;
                i += 2;
            } else {
                decoded[length++] = plusIsSpace && b == '+' ? (byte) ' ' : b;
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private static int hex(byte digit) throws BadInputException {
        int value = Character.digit(digit, 16);
        if (value < 0) {
            throw new BadInputException("A % in the address is not followed by two hex digits.");
        }
        return value;
    }
}
