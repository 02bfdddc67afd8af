package io.mainstay.client.balance;

/// What went wrong with a call.
public enum Failure {
    /// Nobody there, or the connection broke: the instance is ejected at once.
    CONNECTION,
    /// It answered, but wrongly or too late: several in a row eject it.
    RESPONSE
}
