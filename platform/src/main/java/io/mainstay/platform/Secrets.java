package io.mainstay.platform;

import java.security.SecureRandom;
import java.util.Base64;

/// Unpredictable values for passwords and tokens.
public final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /// `bytes` random bytes.
    public static byte[] bytes(int bytes) {
        byte[] value = new byte[bytes];
        RANDOM.nextBytes(value);
        return value;
    }

    /// URL-safe text that carries `bytes` random bytes, without padding.
    public static String text(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
    }
}
