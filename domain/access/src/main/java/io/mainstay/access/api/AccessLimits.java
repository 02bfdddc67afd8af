package io.mainstay.access.api;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Bounds of what is kept about users. With all of them reached a snapshot of the users has some 13 MB.
public final class AccessLimits {

    public static final int MAX_USERS = 2_000;
    public static final int MAX_TOKENS_PER_USER = 32;

    /// Namespaces that one user is bound to. What they may be called says [io.mainstay.common.NamespaceName].
    public static final int MAX_NAMESPACES_PER_USER = 32;

    /// Characters of a user's name or a token's label.
    public static final int MAX_NAME_LENGTH = 64;

    /// Characters of a password. Longer ones only make hashing dearer.
    public static final int MIN_PASSWORD_LENGTH = 8;

    public static final int MAX_PASSWORD_LENGTH = 256;

    /// What [#isName] takes, for messages.
    public static final String NAME_RULE =
            "1 to 64 letters, digits, '.', '_', '-' or '@', beginning with a letter or digit";

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0," + (MAX_NAME_LENGTH - 1) + "}");

    /// The user that RabbitMQ has from the start, known with this as its password; whoever has the name enters from this machine only.
    public static final String GUEST = "guest";

    /// Words of [UserTags] that one user has.
    public static final int MAX_TAGS_PER_USER = 16;

    /// What [#isAnyName] takes, for messages.
    public static final String ANY_NAME_RULE = "1 to 255 bytes of UTF-8 without control characters";

    private static final int MAX_ANY_NAME_BYTES = 255;

    private AccessLimits() {}

    /// True for what a user of RabbitMQ may be called, and for everything that [#isName] takes.
    public static boolean isAnyName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_ANY_NAME_BYTES
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_ANY_NAME_BYTES
                && name.chars().noneMatch(Character::isISOControl);
    }

    /// True for a user's name or a token's label. A colon is never in it: Basic credentials end the name with one.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
