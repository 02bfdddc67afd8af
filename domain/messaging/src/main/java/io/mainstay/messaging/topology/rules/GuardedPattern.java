package io.mainstay.messaging.topology.rules;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression that an operator wrote, found anywhere in a name as RabbitMQ does. What it may cost is bounded: an expression that reads more than
/// [#MAX_READS] characters (`(a+)+$` does) counts as not found. Thread-safe.
public final class GuardedPattern {

    public static final int MAX_LENGTH = 1024;

    /// Characters that one match may read; names have at most 255, and an ordinary expression reads each a few times.
    static final int MAX_READS = 20_000;

    /// A brace that begins no repetition and no name of a class: plain text in PCRE, an error in Java.
    private static final Pattern PLAIN_BRACE =
            Pattern.compile("(?<!\\\\)(?<!\\\\[pPxNk])\\{(?!\\d+(?:,\\d*)?})");

    private static final Pattern POSIX_CLASS =
            Pattern.compile("\\[:(alpha|digit|alnum|upper|lower|punct|space|xdigit):]");

    private static final GuardedPattern NOTHING = new GuardedPattern(null);
    private static final TooManyReads TOO_MANY_READS = new TooManyReads();

    private final @Nullable Pattern pattern;

    private GuardedPattern(@Nullable Pattern pattern) {
        this.pattern = pattern;
    }

    /// What is wrong with the expression, `null` if nothing is.
    public static @Nullable String wrong(String expression) {
        if (expression.length() > MAX_LENGTH) {
            return "a regular expression has at most %d characters, not %d"
                    .formatted(MAX_LENGTH, expression.length());
        }
        try {
            compiled(expression);
            return null;
        } catch (PatternSyntaxException e) {
            return "'%s' is no regular expression: %s at %d"
                    .formatted(expression, e.getDescription(), e.getIndex());
        } catch (StackOverflowError e) {
            return "a regular expression is nested too deep";
        }
    }

    /// An expression that is wrong is found nowhere; an empty one everywhere.
    public static GuardedPattern of(String expression) {
        return wrong(expression) == null ? new GuardedPattern(compiled(expression)) : NOTHING;
    }

    /// An expression that finds just this text.
    public static String literal(String text) {
        return text.replaceAll("[^A-Za-z0-9_\\x80-\\x{10ffff}]", "\\\\$0");
    }

    /// RabbitMQ's expressions are PCRE. What people write means the same in Java but for two things.
    private static Pattern compiled(String expression) {
        String java = PLAIN_BRACE.matcher(expression).replaceAll("\\\\{");
        java =
                POSIX_CLASS
                        .matcher(java)
                        .replaceAll(
                                found -> {
                                    String name = found.group(1);
                                    return "\\\\p{"
                                            + (name.equals("xdigit") ? "XDigit" : capital(name))
                                            + "}";
                                });
        return Pattern.compile(java);
    }

    private static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    public boolean isFoundIn(String name) {
        if (pattern == null) {
            return false;
        }
        try {
            return pattern.matcher(new CountedReads(name)).find();
        } catch (TooManyReads | StackOverflowError e) {
            return false;
        }
    }

    private static final class CountedReads implements CharSequence {
        private final String text;
        private int reads;

        CountedReads(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++reads > MAX_READS) {
                throw TOO_MANY_READS;
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooManyReads extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyReads() {
            super("a regular expression reads too much", null, false, false);
        }
    }
}
