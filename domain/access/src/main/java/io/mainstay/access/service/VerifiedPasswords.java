package io.mainstay.access.service;

import io.mainstay.platform.Secrets;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Passwords that were found right, so that a client which sends its password with each heartbeat costs one hash and not one for each
/// beat.
///
/// Kept is a digest under a key of this process, never the password, together with the hash that it matched: once the user has another
/// hash, or is gone, the entry counts for nothing. So no change of users has to be told to this cache, and none can race with it.
/// Thread-safe.
final class VerifiedPasswords {

    /// Entries at most; then all are forgotten at once, which costs one hash for each client that is still there.
    static final int MAX_ENTRIES = 10_000;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key = new SecretKeySpec(Secrets.bytes(32), ALGORITHM);
    private final ConcurrentHashMap<String, String> hashes = new ConcurrentHashMap<>();

    boolean known(String user, String password, String currentHash) {
        return currentHash.equals(hashes.get(digest(user, password)));
    }

    void remember(String user, String password, String matchedHash) {
        if (hashes.size() >= MAX_ENTRIES) {
            hashes.clear();
        }
        hashes.put(digest(user, password), matchedHash);
    }

    private String digest(String user, String password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            // UTF-8 has no such byte: the border between the two is certain.
            mac.update((byte) 0xff);
            return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
