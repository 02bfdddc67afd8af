package io.mainstay.bench.amqp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Prints a scenario: a line for each case and broker, medians over the rounds.
final class Table {

    private Table() {}

    static void head(String title) {
        System.out.printf("%n%s%n", title);
        System.out.printf(
                "%-22s %-17s %8s %8s %9s %22s %22s %7s %8s %8s %8s %8s%n",
                "case",
                "broker",
                "sent/s",
                "recv/s",
                "CPU-s/mio",
                "latency p50/95/99 ms",
                "confirm p50/95/99 ms",
                "RSS MiB",
                "switches",
                "journalB",
                "fsyncs",
                "heap B");
    }

    static void lines(String name, List<Target> targets, List<List<Measured>> all) {
        for (int i = 0; i < targets.size(); i++) {
            line(name, targets.get(i), all.get(i));
        }
    }

    /// The last four are of one message.
    static void line(String name, Target target, List<Measured> rounds) {
        System.out.printf(
                "%-22s %-17s %,8.0f %,8.0f %9.1f %22s %22s %,7.0f %8.2f %8s %8s %8s%n",
                name,
                target.name(),
                median(rounds, Measured::sent),
                median(rounds, Measured::received),
                median(rounds, Measured::cpuPerMillion),
                times(rounds, Measured::latencyMicros),
                times(rounds, Measured::confirmMicros),
                median(rounds, m -> m.residentKiB() / 1024.0),
                median(rounds, m -> m.used().switches() / m.messages()),
                known("%,.0f", median(rounds, m -> m.used().journalBytes() / m.messages())),
                known("%.4f", median(rounds, m -> m.used().syncs() / m.messages())),
                known("%,.0f", median(rounds, m -> m.used().allocatedBytes() / m.messages())));
    }

    private static String known(String format, double value) {
        return Double.isNaN(value) ? "-" : format.formatted(value);
    }

    /// What the first target is beside the others and the raw disk.
    ///
    /// @param rawPerSecond messages that bare appends of the same windows would take
    static void ratios(List<Target> targets, List<List<Measured>> all, double rawPerSecond) {
        List<Measured> first = all.getFirst();
        List<String> said = new ArrayList<>();
        said.add(
                "%.1f %% of %,.0f/s that bare appends and fdatasyncs of such windows take"
                        .formatted(
                                100 * median(first, Measured::sent) / rawPerSecond, rawPerSecond));
        for (int i = 1; i < targets.size(); i++) {
            List<Measured> other = all.get(i);
            double through = median(first, Measured::through) / median(other, Measured::through);
            double cpu =
                    median(other, Measured::cpuPerMillion) / median(first, Measured::cpuPerMillion);
            said.add(
                    targets.get(i).name().equals(Target.FLOOR)
                            ? "%.0f %% of the null broker's messages, which needs %.2f times the CPU"
                                    .formatted(100 * through, cpu)
                            : "%.1f times the messages of %s, which needs %.1f times the CPU"
                                    .formatted(through, targets.get(i).name(), cpu));
        }
        System.out.printf("%-22s %s: %s%n", "", targets.getFirst().name(), String.join("; ", said));
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
