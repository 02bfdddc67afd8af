package io.mainstay.client.balance;

import java.time.Duration;

/// When an instance that fails gets no calls, and for how long. After that time one call is let through: it decides.
///
/// @param responses wrong answers in a row that eject; 1 or more
/// @param first how long an ejection lasts; each one that follows without a success doubles it
/// @param longest bound of that
public record Ejection(int responses, Duration first, Duration longest) {

    public static final Ejection DEFAULT =
            new Ejection(5, Duration.ofSeconds(1), Duration.ofSeconds(30));

    public Ejection {
        if (responses < 1 || first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "An ejection needs 1 response or more, a time above 0 and a longest time not below it.");
        }
    }

    /// @param ejections so far without a success, from 1
    long nanos(int ejections) {
        int doublings = Math.min(ejections - 1, 20);
        return Math.min(longest.toNanos(), first.toNanos() << doublings);
    }
}
