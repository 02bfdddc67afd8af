package io.mainstay.access.command;

import io.mainstay.access.api.Role;

import java.util.List;

/// A change of users. Secrets are hashed before they come here: the log never carries a password or token.
public sealed interface AccessCommand {

    /// The namespaces stay as they are; a new user has none and reaches all.
    ///
    /// @param passwordHash Argon2id in its usual text form; empty: the password stays as it is, and the user must be there
    record PutUser(String name, Role role, String passwordHash) implements AccessCommand {}

    /// @param namespaces what the user is bound to, sorted, each once; empty: to nothing
    /// @param passwordHash as in [PutUser]
    record PutBoundUser(String name, Role role, List<String> namespaces, String passwordHash)
            implements AccessCommand {
        public PutBoundUser {
            namespaces = List.copyOf(namespaces);
        }
    }

    /// Of a user who is there; role and password stay.
    ///
    /// @param namespaces as in [PutBoundUser]
    record PutNamespaces(String name, List<String> namespaces) implements AccessCommand {
        public PutNamespaces {
            namespaces = List.copyOf(namespaces);
        }
    }

    /// Of a user who is there; the role stays.
    ///
    /// @param passwordHash as in [PutUser]
    record PutPassword(String name, String passwordHash) implements AccessCommand {}

    /// Makes or replaces a user with tags; the role follows from them, or stays if it amounts to the same.
    ///
    /// @param tags each once, in the order in which they were given
    /// @param passwordHash never empty
    record PutTaggedUser(String name, List<String> tags, String passwordHash)
            implements AccessCommand {
        public PutTaggedUser {
            tags = List.copyOf(tags);
        }
    }

    /// Puts a better hash of the same password in the place of `oldHash`; nothing happens if the user has another one by now.
    record UpgradeHash(String name, String oldHash, String newHash) implements AccessCommand {}

    record RemoveUser(String name) implements AccessCommand {}

    /// @param digest SHA-256 of the token, 64 hexadecimal digits
    record PutToken(String user, String label, String digest) implements AccessCommand {}

    record RemoveToken(String user, String label) implements AccessCommand {}
}
