package io.mainstay.access.command;

import io.mainstay.access.api.Role;

/// A change of users. Secrets are hashed before they come here: the log never carries a password or token.
public sealed interface AccessCommand {

    /// @param passwordHash Argon2id in its usual text form; empty: the password stays as it is, and the user must be there
    record PutUser(String name, Role role, String passwordHash) implements AccessCommand {}

    /// Of a user who is there; the role stays.
    ///
    /// @param passwordHash as in [PutUser]
    record PutPassword(String name, String passwordHash) implements AccessCommand {}

    record RemoveUser(String name) implements AccessCommand {}

    /// @param digest SHA-256 of the token, 64 hexadecimal digits
    record PutToken(String user, String label, String digest) implements AccessCommand {}

    record RemoveToken(String user, String label) implements AccessCommand {}
}
