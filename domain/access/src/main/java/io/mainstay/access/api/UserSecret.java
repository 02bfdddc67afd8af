package io.mainstay.access.api;

/// What a user that comes from RabbitMQ shows at a log-in.
public sealed interface UserSecret {

    /// A password of 1 to [AccessLimits#MAX_PASSWORD_LENGTH] characters: shorter ones than ours are allowed there.
    record Password(String text) implements UserSecret {
        /// Never the password.
        @Override
        public String toString() {
            return "a password";
        }
    }

    /// A hash as definitions carry it.
    ///
    /// @param algorithm one of [HashAlgorithm], by its name there
    /// @param hash as that algorithm writes it
    record Hashed(String algorithm, String hash) implements UserSecret {
        /// Never the hash.
        @Override
        public String toString() {
            return algorithm;
        }
    }

    /// No password is right.
    record None() implements UserSecret {}
}
