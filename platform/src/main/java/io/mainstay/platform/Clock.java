package io.mainstay.platform;

/// The two times there are.
///
/// Deadlines, leases and delays are measured with [#nanoTime()] only, so that a clock set by hand or by NTP
/// expires nothing. [#wallMs()] is for people and for time stamps that leave the process.
public interface Clock {

    /// Unix time in milliseconds. May jump in either direction.
    long wallMs();

    /// Monotonic time in nanoseconds from an arbitrary origin; compare by difference only.
    long nanoTime();
}
