package io.mainstay.bench.registry;

import io.mainstay.bench.changes.ChangeTimes;
import io.mainstay.bench.changes.Discovery;
import io.mainstay.bench.changes.Discovery.Change;
import io.mainstay.bench.changes.PolledDiscovery;
import io.mainstay.bench.changes.StreamDiscovery;
import io.mainstay.bench.changes.ZooKeeperDiscovery;

import org.HdrHistogram.Histogram;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One service, many subscribers: from a change to the first and to the last of them that knows.
final class EverybodyKnows implements Scenario {

    private static final int LEASE_MS = 1_000;
    private static final long AIM_MICROS = 100_000;
    private static final int AIM_SUBSCRIBERS = 1_000;

    /// Beyond these the load, not the server, would be measured: two or more threads for each.
    private static final int MOST_CACHES = 100;

    private static final int MOST_WATCHERS = 1_000;
    private static final int MOST_POLLERS = 1_000;

    private final int changes;
    private final List<Integer> sizes;

    private final String java;
    private final String benchClasspath;
    private final Path work;

    /// @param changes of each kind, for each size
    /// @param sizes numbers of subscribers
    EverybodyKnows(
            String java, String benchClasspath, Path work, int changes, List<Integer> sizes) {
        this.java = java;
        this.benchClasspath = benchClasspath;
        this.work = work;
        this.changes = changes;
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return "changes";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%nOne service of 20 instances: ms from a change until the first and the last subscriber know; up to %d changes of a kind%n"
                        + "in %d turns. A kill is the end of a connection, with no grace; a silence is counted from the end of a lease of %d ms.%n",
                changes, rounds, LEASE_MS);
        Path data = Files.createDirectories(work.resolve("zookeeper"));
        try (Target zooKeeper =
                Target.zooKeeper(java, benchClasspath, data, work.resolve("zookeeper.log"))) {
            for (int size : sizes) {
                Map<String, ChangeTimes> times = new LinkedHashMap<>();
                for (int round = 0; round < rounds; round++) {
                    for (Target target : targets) {
                        turn(times, target, size, rounds, round);
                    }
                    turn(times, zooKeeper, size, rounds, round);
                }
                times.forEach((name, measured) -> print(size, name, measured));
            }
        }
    }

    private void turn(
            Map<String, ChangeTimes> times, Target target, int size, int rounds, int round)
            throws Exception {
        String service = "CHANGES-" + size + "-" + round;
        boolean cold = round == 0;
        if (target.streamPort() != 0) {
            try (Discovery discovery =
                    new StreamDiscovery(target.streamPort(), service, size, LEASE_MS)) {
                turn(times, target.name(), discovery, rounds, cold);
            }
        } else if (target.name().equals(Target.TUNED_NAME) && size <= MOST_POLLERS) {
            try (Discovery discovery =
                    new PolledDiscovery(
                            target.port(),
                            service,
                            size,
                            LEASE_MS / 1_000,
                            (id, lease) -> BenchInstance.json(service, id, lease))) {
                turn(times, target.name(), discovery, rounds, cold);
            }
        } else if (target.name().equals("ZooKeeper") && size <= MOST_WATCHERS) {
            boolean raw = size > MOST_CACHES;
            try (Discovery discovery =
                    new ZooKeeperDiscovery(target.port(), service, size, LEASE_MS, raw)) {
                String name = raw ? "ZooKeeper, bare watches" : "ZooKeeper, ServiceCache";
                turn(times, name, discovery, rounds, cold);
            }
        }
    }

    private void turn(
            Map<String, ChangeTimes> times,
            String name,
            Discovery discovery,
            int rounds,
            boolean cold)
            throws Exception {
        ChangeTimes measured = times.computeIfAbsent(name, absent -> new ChangeTimes());
        if (cold) {
            measured.measure(discovery, 10, TimeUnit.SECONDS.toNanos(3), false);
        }
        measured.measure(
                discovery,
                Math.max(1, changes / rounds),
                TimeUnit.SECONDS.toNanos(Math.max(10, 60 / rounds)),
                true);
    }

    private static void print(int size, String name, ChangeTimes measured) {
        System.out.printf(
                "%n%-36s %6s %26s %26s%n",
                "%,d subscribers, %s".formatted(size, name),
                "n",
                "first: p50, p99, max",
                "last: p50, p99, max");
        for (Change change : Change.values()) {
            Histogram first = measured.first(change);
            if (first.getTotalCount() > 0) {
                System.out.printf(
                        "%-36s %,6d %26s %26s%n",
                        "  " + change.name().toLowerCase(Locale.ROOT),
                        first.getTotalCount(),
                        millis(first),
                        millis(measured.last(change)));
            }
        }
        if (size == AIM_SUBSCRIBERS && name.equals("Mainstay")) {
            for (Change change : Change.values()) {
                long p99 = measured.last(change).getValueAtPercentile(99);
                Aim.print(
                        "the last of 1,000 subscribers knows of a "
                                + change.name().toLowerCase(Locale.ROOT)
                                + " within 100 ms at p99",
                        p99 <= AIM_MICROS,
                        "%.1f ms".formatted(p99 / 1e3));
            }
        }
    }

    private static String millis(Histogram micros) {
        return "%.1f %.1f %.1f"
                .formatted(
                        micros.getValueAtPercentile(50) / 1e3,
                        micros.getValueAtPercentile(99) / 1e3,
                        micros.getMaxValue() / 1e3);
    }
}
