package io.mainstay.messaging.topology.rules;

import org.jspecify.annotations.Nullable;

/// The age in the argument `x-max-age`: a number above 0 and a unit, `Y`, `M` (30 days), `D`, `h`, `m` or `s`.
final class MaxAge {

    private static final int MAX_DIGITS = 9;

    /// Longer than anything is kept, and a time can be added to it.
    private static final long MOST_MS = Long.MAX_VALUE / 4;

    private MaxAge() {}

    /// In milliseconds, `null` if it is none.
    static @Nullable Long ms(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MAX_DIGITS) {
            return null;
        }
        Long unitMs = unitMs(text.substring(digits));
        long value = Long.parseLong(text.substring(0, digits));
        return unitMs == null || value == 0 ? null : Math.min(value, MOST_MS / unitMs) * unitMs;
    }

    private static @Nullable Long unitMs(String unit) {
        long secondMs = 1_000;
        long dayMs = 86_400 * secondMs;
        return switch (unit) {
            case "Y" -> 365 * dayMs;
            case "M" -> 30 * dayMs;
            case "D" -> dayMs;
            case "h" -> 3_600 * secondMs;
            case "m" -> 60 * secondMs;
            case "s" -> secondMs;
            default -> null;
        };
    }
}
