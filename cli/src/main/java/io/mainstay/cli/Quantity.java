package io.mainstay.cli;

import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them. JSON output keeps the exact ones.
final class Quantity {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Quantity() {}

    /// `130194648` is `124 MiB`.
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        String digits = value < 10 && unit > 0 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, digits, value) + " " + UNITS[unit];
    }

    /// `93784000` is `1 d 2 h`: the two largest units that are not zero in front.
    static String millis(long ms) {
        Duration time = Duration.ofMillis(ms);
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        if (time.toMinutes() > 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return ms >= 10_000
                ? time.toSeconds() + " s"
                : ms >= 1_000 ? String.format(Locale.ROOT, "%.1f s", ms / 1e3) : ms + " ms";
    }

    /// `1234567` is `1,234,567`.
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
