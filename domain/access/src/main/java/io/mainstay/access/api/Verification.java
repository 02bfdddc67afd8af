package io.mainstay.access.api;

/// What is known of credentials.
public sealed interface Verification {

    record Granted(Principal principal) implements Verification {}

    /// Wrong or unknown: a client is never told which.
    record Denied() implements Verification {}

    /// A password must be hashed first: ask [Access#checkPassword].
    record Unsure() implements Verification {}

    /// Too many checks are under way; the client shall try again.
    record Unavailable() implements Verification {}
}
