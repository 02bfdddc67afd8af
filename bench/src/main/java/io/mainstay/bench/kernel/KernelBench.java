package io.mainstay.bench.kernel;

import org.HdrHistogram.Histogram;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Commands through the log of one voter, in turn with what the disk can do without us, and of three voters. Ratios and processor seconds
/// are the figures; wall time on a shared machine says little.
@Command(
        name = "kernel",
        description =
                "Commands through the log of one voter, in turn with bare appends and syncs, and of three.",
        mixinStandardHelpOptions = true)
public final class KernelBench implements Callable<Integer> {

    private static final int KIB = 1024;

    @Option(
            names = "--dir",
            description = "directory on the disk to measure (default: a new one in java.io.tmpdir)")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--rounds", description = "windows of each kind (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(names = "--seconds", description = "length of a window (default: ${DEFAULT-VALUE})")
    private int seconds = 5;

    @Option(
            names = "--start-mib",
            description = "log to start from, in MiB; 0 leaves it out (default: ${DEFAULT-VALUE})")
    private int startMib = 1024;

    @Option(names = "--only", description = "measure only shapes whose name contains this")
    private String only = "";

    @Option(
            names = "--voters",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "three voters in this process over loopback (default: ${DEFAULT-VALUE})")
    private boolean voters = true;

    private record Shape(String name, int payloadBytes, int inFlight, int groups) {}

    private static final List<Shape> SHAPES =
            List.of(
                    new Shape("64 KiB x 32", 64 * KIB, 32, 1),
                    new Shape("1 KiB x 1", KIB, 1, 1),
                    new Shape("1 KiB x 64", KIB, 64, 1),
                    new Shape("1 KiB x 1,024", KIB, 1_024, 1),
                    new Shape("1 KiB x 1,024, 8 groups", KIB, 1_024, 8));

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory(directory, "mainstay-bench");
        try {
            try (RawDisk raw = new RawDisk(work.resolve("raw"));
                    Kernel kernel = new Kernel(work.resolve("data"), 64L << 20)) {
                System.out.printf(
                        "standalone and idle: %.2f %% of a core%n",
                        100 * Kernel.idleCores(TimeUnit.SECONDS.toNanos(seconds)));
                warm(kernel);
                throughput(raw, kernel);
            }
            if (voters) {
                threeVoters(work.resolve("voters"));
            }
            if (startMib > 0) {
                start(work.resolve("start"));
            }
            return 0;
        } finally {
            delete(work);
        }
    }

    private static void warm(Kernel kernel) throws InterruptedException {
        System.out.println("warming");
        kernel.run(KIB, 1_024, 8, TimeUnit.SECONDS.toNanos(5), new Histogram(3));
        kernel.run(64 * KIB, 32, 1, TimeUnit.SECONDS.toNanos(2), new Histogram(3));
    }

    private void throughput(RawDisk raw, Kernel kernel) throws IOException, InterruptedException {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        System.out.printf(
                "%-24s %9s %10s %9s %8s %9s %9s %14s%n",
                "shape",
                "raw MB/s",
                "commands/s",
                "MB/s",
                "of raw",
                "p50 ms",
                "p99 ms",
                "CPU-s/million");
        for (Shape shape : SHAPES) {
            if (!shape.name.contains(only)) {
                continue;
            }
            double[] share = new double[rounds];
            double[] cpu = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                Rate ceiling =
                        raw.run(shape.payloadBytes * shape.inFlight, shape.payloadBytes, nanos);
                Histogram latency = new Histogram(3);
                Rate rate =
                        kernel.run(
                                shape.payloadBytes, shape.inFlight, shape.groups, nanos, latency);
                share[round] = rate.megabytesPerSecond() / ceiling.megabytesPerSecond();
                cpu[round] = rate.cpuSecondsPerMillion();
                System.out.printf(
                        "%-24s %9.1f %,10.0f %9.1f %6.0f %% %9.2f %9.2f %14.2f%n",
                        shape.name,
                        ceiling.megabytesPerSecond(),
                        rate.perSecond(),
                        rate.megabytesPerSecond(),
                        100 * share[round],
                        latency.getValueAtPercentile(50) / 1e6,
                        latency.getValueAtPercentile(99) / 1e6,
                        cpu[round]);
            }
            System.out.printf(
                    "%-24s median: %.0f %% of raw, %.2f CPU-s per million%n",
                    shape.name, 100 * median(share), median(cpu));
        }
    }

    /// Three journals on one disk: three times the syncs of one voter.
    private void threeVoters(Path data) throws IOException, InterruptedException {
        try (ThreeVoters three = new ThreeVoters(data)) {
            three.run(KIB, 1_024, TimeUnit.SECONDS.toNanos(5), new Histogram(3));
            System.out.printf(
                    "%-24s %10s %9s %9s %14s%n",
                    "three voters", "commands/s", "p50 ms", "p99 ms", "CPU-s/million");
            for (int inFlight : new int[] {1, 64, 1_024}) {
                for (int round = 0; round < rounds; round++) {
                    Histogram latency = new Histogram(3);
                    Rate rate =
                            three.run(KIB, inFlight, TimeUnit.SECONDS.toNanos(seconds), latency);
                    System.out.printf(
                            "%-24s %,10.0f %9.2f %9.2f %14.2f%n",
                            "1 KiB x %,d".formatted(inFlight),
                            rate.perSecond(),
                            latency.getValueAtPercentile(50) / 1e6,
                            latency.getValueAtPercentile(99) / 1e6,
                            rate.cpuSecondsPerMillion());
                }
            }
        }
    }

    private void start(Path data) throws IOException, InterruptedException {
        try (Kernel kernel = new Kernel(data, Long.MAX_VALUE)) {
            while (kernel.journalBytes() < (long) startMib << 20) {
                kernel.run(KIB, 1_024, 1, TimeUnit.MILLISECONDS.toNanos(200), new Histogram(3));
            }
        }
        long begin = System.nanoTime();
        double cpu = Rate.processCpuSeconds();
        try (Kernel kernel = new Kernel(data, Long.MAX_VALUE)) {
            System.out.printf(
                    "start from %,d MiB of log without a snapshot: %.2f s, %.2f CPU-s%n",
                    kernel.journalBytes() >> 20,
                    (System.nanoTime() - begin) / 1e9,
                    Rate.processCpuSeconds() - cpu);
        }
    }

    private static void delete(Path work) throws IOException {
        try (Stream<Path> paths = Files.walk(work)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
