package io.mainstay.access.view;

import io.mainstay.access.api.Principal;
import io.mainstay.access.api.Role;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A user as it is kept.
///
/// @param tags see [io.mainstay.access.api.UserTags]; if there are any, the role is the one that they amount to
/// @param passwordHash Argon2id in its usual text form, or one of RabbitMQ's, or the sign that no password is right
/// @param namespaces those that the user is bound to, sorted; none: all
/// @param tokens label to digest, unmodifiable
public record UserRecord(
        String name,
        Role role,
        List<String> namespaces,
        List<String> tags,
        String passwordHash,
        SortedMap<String, String> tokens,
        long createdMs,
        long changedMs) {

    public UserRecord {
        namespaces = List.copyOf(namespaces);
        tags = List.copyOf(tags);
        tokens = Collections.unmodifiableSortedMap(new TreeMap<>(tokens));
    }

    /// The same user with other tokens.
    public UserRecord with(SortedMap<String, String> changedTokens) {
        return new UserRecord(
                name, role, namespaces, tags, passwordHash, changedTokens, createdMs, changedMs);
    }

    /// Who this is for heads.
    public Principal principal() {
        return new Principal(name, role, namespaces, tags);
    }

    /// Never the hash.
    @Override
    public String toString() {
        return name + " " + role;
    }
}
