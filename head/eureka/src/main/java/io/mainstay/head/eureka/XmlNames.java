package io.mainstay.head.eureka;

/// Element names for metadata keys, as Netflix's XStream codec makes them: `$` becomes `_-`, what XML does not allow in a name becomes `_.`
/// and four hex digits.
final class XmlNames {

    private XmlNames() {}

    static String encode(String key) {
        StringBuilder name = new StringBuilder(key.length() + 8);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '$') {
                name.append("_-");
            } else if (allowed(c, i == 0)) {
                name.append(c);
            } else {
                name.append("_.").append(String.format("%04x", (int) c));
            }
        }
        return name.isEmpty() ? "_.0000" : name.toString();
    }

    static String decode(String name) {
        if (name.indexOf('_') < 0) {
            return name;
        }
        StringBuilder key = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (name.startsWith("_-", i)) {
                key.append('$');
                i++;
            } else if (name.startsWith("_.", i) && isHex(name, i + 2)) {
                int c = Integer.parseInt(name, i + 2, i + 6, 16);
                if (c != 0) {
                    key.append((char) c);
                }
                i += 5;
            } else {
                key.append(name.charAt(i));
            }
        }
        return key.toString();
    }

    private static boolean allowed(char c, boolean first) {
        boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
        return letter || !first && (c >= '0' && c <= '9' || c == '-' || c == '.');
    }

    private static boolean isHex(String name, int from) {
        if (from + 4 > name.length()) {
            return false;
        }
        for (int i = from; i < from + 4; i++) {
            if (Character.digit(name.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
