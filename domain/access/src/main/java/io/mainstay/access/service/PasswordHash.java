package io.mainstay.access.service;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;

import io.mainstay.platform.Secrets;

/// Argon2id with the memory and rounds that OWASP's password storage sheet names as its least: 19 MiB, 2 rounds, 1 lane.
final class PasswordHash {

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int ROUNDS = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private PasswordHash() {}

    static String of(String password) {
        return Password.hash(password)
                .addSalt(Secrets.bytes(SALT_BYTES))
                .with(Argon2Function.getInstance(MEMORY_KIB, ROUNDS, LANES, HASH_BYTES, Argon2.ID))
                .getResult();
    }

    /// True if `hash`, which [#of] made in this version or an older one, is that of the password.
    static boolean matches(String password, String hash) {
        return Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash));
    }
}
