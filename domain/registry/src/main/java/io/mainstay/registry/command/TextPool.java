package io.mainstay.registry.command;

/// Lets equal texts that were read be one object: of the two dozen texts of an instance most are the same for all instances of its
/// service (names of attributes, ports' URLs aside, zone, service), and they were more than half of its memory.
///
/// A table of fixed size: a text takes the place of whatever lay there, so a flood of texts that never come again costs nothing but
/// some sharing. It never changes what a text says. One thread at a time.
public final class TextPool {
    private static final int SIZE = 4_096;

    private final String[] texts = new String[SIZE];

    public TextPool() {
        java.util.Arrays.fill(texts, "");
    }

    /// An equal text, perhaps the one that was read before.
    public String shared(String text) {
        if (text.isEmpty()) {
            return "";
        }
        int hash = text.hashCode();
        int at = (hash ^ hash >>> 15) & SIZE - 1;
        String present = texts[at];
        if (present.equals(text)) {
            return present;
        }
        texts[at] = text;
        return text;
    }
}
