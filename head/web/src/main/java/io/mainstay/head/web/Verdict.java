package io.mainstay.head.web;

/// What an [Authenticator] says of credentials.
public sealed interface Verdict {

    record Granted(Principal principal) implements Verdict {}

    /// Wrong, unknown or blocked: a client is never told which.
    record Denied() implements Verdict {}

    /// Not known yet: ask [Authenticator#check].
    record Unsure() implements Verdict {}

    /// Cannot be decided now (overload, no leader): the client shall try again.
    record Unavailable() implements Verdict {}
}
