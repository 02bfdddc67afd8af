package io.mainstay.common;

/// What a namespace may be called. Every domain has the same namespaces, so that a user who is bound to one is so everywhere.
///
/// Plain letters only: a name stands in addresses, in logs and on command lines.
public final class NamespaceName {

    /// Characters.
    public static final int MAX_LENGTH = 64;

    /// What [#isGood] takes, for messages.
    public static final String RULE =
            "1 to 64 letters a to z or A to Z, digits, '.', '_' or '-', beginning with a letter or digit";

    private NamespaceName() {}

    public static boolean isGood(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || !isAlphanumeric(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
