package io.mainstay.bench.amqp;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Prints a scenario: a line for each case and broker, medians over the rounds.
final class Table {

    private Table() {}

    static void head(String title) {
        System.out.printf("%n%s%n", title);
        System.out.printf(
                "%-26s %-18s %9s %9s %10s %24s %24s %7s%n",
                "case",
                "broker",
                "sent/s",
                "recv/s",
                "CPU-s/mio",
                "latency p50/95/99 ms",
                "confirm p50/95/99 ms",
                "RSS MiB");
    }

    static void line(String name, Target target, List<Measured> rounds) {
        System.out.printf(
                "%-26s %-18s %,9.0f %,9.0f %10.1f %24s %24s %,7.0f%n",
                name,
                target.name(),
                median(rounds, Measured::sent),
                median(rounds, Measured::received),
                median(rounds, Measured::cpuPerMillion),
                times(rounds, Measured::latencyMicros),
                times(rounds, Measured::confirmMicros),
                median(rounds, m -> m.residentKiB() / 1024.0));
    }

    static double median(List<Measured> rounds, ToDoubleFunction<Measured> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private interface Percentiles {
        long[] of(Measured measured);
    }

    private static String times(List<Measured> rounds, Percentiles percentiles) {
        if (rounds.stream()
                .anyMatch(m -> percentiles.of(m).length < 4 || percentiles.of(m)[3] == 0)) {
            return "-";
        }
        return Arrays.stream(new int[] {0, 2, 3})
                .mapToDouble(i -> median(rounds, m -> percentiles.of(m)[i] / 1000.0))
                .mapToObj("%.1f"::formatted)
                .reduce((a, b) -> a + "/" + b)
                .orElse("-");
    }
}
