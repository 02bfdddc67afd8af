package io.mainstay.access.view;

import io.mainstay.access.api.Role;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A user as it is kept.
///
/// @param passwordHash Argon2id in its usual text form
/// @param tokens label to digest, unmodifiable
public record UserRecord(
        String name,
        Role role,
        String passwordHash,
        SortedMap<String, String> tokens,
        long createdMs,
        long changedMs) {

    public UserRecord {
        tokens = Collections.unmodifiableSortedMap(new TreeMap<>(tokens));
    }

    /// The same user with other tokens.
    public UserRecord with(SortedMap<String, String> changedTokens) {
        return new UserRecord(name, role, passwordHash, changedTokens, createdMs, changedMs);
    }

    /// Never the hash.
    @Override
    public String toString() {
        return name + " " + role;
    }
}
