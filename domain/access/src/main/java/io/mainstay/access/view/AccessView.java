package io.mainstay.access.view;

import io.mainstay.access.api.Principal;
import io.mainstay.access.api.User;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// All users at one revision. Immutable.
///
/// @param revision raft offset of the last change
/// @param users by name
/// @param tokens who a digest of a token belongs to
public record AccessView(
        long revision, SortedMap<String, UserRecord> users, Map<String, Principal> tokens) {

    public static final AccessView EMPTY = of(0, new TreeMap<>());

    public static AccessView of(long revision, SortedMap<String, UserRecord> users) {
        Map<String, Principal> tokens = new HashMap<>();
        for (UserRecord user : users.values()) {
            Principal principal = user.principal();
            user.tokens().values().forEach(digest -> tokens.put(digest, principal));
        }
        return new AccessView(
                revision,
                Collections.unmodifiableSortedMap(new TreeMap<>(users)),
                Collections.unmodifiableMap(tokens));
    }

    /// What others may see of a user.
    public static User visible(UserRecord user) {
        return new User(
                user.name(),
                user.role(),
                user.namespaces(),
                user.tags(),
                List.copyOf(user.tokens().keySet()),
                user.createdMs(),
                user.changedMs());
    }
}
