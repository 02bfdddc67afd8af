package io.mainstay.access.service;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;

import io.mainstay.access.api.HashAlgorithm;
import io.mainstay.access.api.UserSecret;
import io.mainstay.platform.Secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Argon2id with the memory and rounds that OWASP's password storage sheet names as its least: 19 MiB, 2 rounds, 1 lane.
///
/// Beside it the hashes that came with definitions, kept as `name of the algorithm, colon, hash`, and [#NONE].
final class PasswordHash {

    /// In the place of a hash: no password is right.
    static final String NONE = "none:";

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int ROUNDS = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final String OURS = "$argon2";

    private PasswordHash() {}

    static String of(String password) {
        return Password.hash(password)
                .addSalt(Secrets.bytes(SALT_BYTES))
                .with(Argon2Function.getInstance(MEMORY_KIB, ROUNDS, LANES, HASH_BYTES, Argon2.ID))
                .getResult();
    }

    /// A hash that came with definitions, as it is kept.
    static String kept(HashAlgorithm algorithm, String hash) {
        return algorithm == HashAlgorithm.ARGON_2 ? hash : algorithm.word() + ":" + hash;
    }

    /// What definitions carry of a kept hash; empty if no password is right.
    static Optional<UserSecret.Hashed> shown(String kept) {
        if (kept.equals(NONE)) {
            return Optional.empty();
        }
        if (isOurs(kept)) {
            return Optional.of(new UserSecret.Hashed(HashAlgorithm.ARGON_2.word(), kept));
        }
        int colon = kept.indexOf(':');
        return Optional.of(
                new UserSecret.Hashed(kept.substring(0, colon), kept.substring(colon + 1)));
    }

    /// Whether a kept hash is of ours; otherwise it is to be replaced when the password is known.
    static boolean isOurs(String kept) {
        return kept.startsWith(OURS);
    }

    /// True if `kept`, which this class made in this version or an older one, is that of the password.
    static boolean matches(String password, String kept) {
        if (isOurs(kept)) {
            return Password.check(password, kept).with(Argon2Function.getInstanceFromHash(kept));
        }
        int colon = kept.indexOf(':');
        HashAlgorithm algorithm = HashAlgorithm.of(kept.substring(0, Math.max(0, colon)));
        return algorithm != null && matches(password, algorithm, kept.substring(colon + 1));
    }

    private static boolean matches(String password, HashAlgorithm algorithm, String hash) {
        byte[] all = Base64.getDecoder().decode(hash);
        byte[] expected = Arrays.copyOfRange(all, HashAlgorithm.SALT_BYTES, all.length);
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm.digest());
            digest.update(all, 0, HashAlgorithm.SALT_BYTES);
            byte[] made = digest.digest(password.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(expected, made);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm.digest(), e);
        }
    }
}
