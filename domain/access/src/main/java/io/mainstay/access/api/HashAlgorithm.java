package io.mainstay.access.api;

import org.jspecify.annotations.Nullable;

import java.util.Base64;
import java.util.regex.Pattern;

/// How the hash of a password in definitions was made. Those of RabbitMQ are base64 of a salt of 4 bytes and the digest of salt and password;
/// they are checked, and replaced by ours at the first log-in.
public enum HashAlgorithm {
    SHA_256("rabbit_password_hashing_sha256", "SHA-256", 32),
    SHA_512("rabbit_password_hashing_sha512", "SHA-512", 64),
    MD_5("rabbit_password_hashing_md5", "MD5", 16),
    /// Ours; definitions of this node carry it, and only such as this node makes are taken back: its parameters cost memory.
    ARGON_2("mainstay_argon2id", "", 0);

    public static final int SALT_BYTES = 4;

    private static final Pattern OURS =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");

    private final String word;
    private final String digest;
    private final int digestBytes;

    HashAlgorithm(String word, String digest, int digestBytes) {
        this.word = word;
        this.digest = digest;
        this.digestBytes = digestBytes;
    }

    /// Its name in definitions.
    public String word() {
        return word;
    }

    /// The JDK's name of the digest; empty for ours.
    public String digest() {
        return digest;
    }

    /// The algorithm of that name, or `null`.
    public static @Nullable HashAlgorithm of(String word) {
        for (HashAlgorithm algorithm : values()) {
            if (algorithm.word.equals(word)) {
                return algorithm;
            }
        }
        return null;
    }

    /// The algorithm whose hashes have this form, for definitions that do not name one; `null` if there is none.
    public static @Nullable HashAlgorithm guess(String hash) {
        for (HashAlgorithm algorithm : values()) {
            if (algorithm.fits(hash)) {
                return algorithm;
            }
        }
        return null;
    }

    /// Whether a hash has the form that this algorithm gives it.
    public boolean fits(String hash) {
        if (this == ARGON_2) {
            return OURS.matcher(hash).matches();
        }
        if (hash.length() > 2 * (SALT_BYTES + 64)) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(hash).length == SALT_BYTES + digestBytes;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
