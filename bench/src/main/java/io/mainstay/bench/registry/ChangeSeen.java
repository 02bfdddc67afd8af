package io.mainstay.bench.registry;

import org.HdrHistogram.Histogram;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// From the acknowledgement of a registration to the first answer of `/apps/delta` that has it, for a client that asks all the time.
final class ChangeSeen implements Scenario {

    private static final int CHANGES = 100;
    private static final long GIVE_UP_SECONDS = 120;

    @Override
    public String name() {
        return "change";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%n%d registrations: milliseconds until a delta shows them, asked for every 5 ms%n",
                CHANGES);
        System.out.printf("%-24s %10s %10s %10s%n", "server", "p50", "p99", "max");
        for (Target target : Scenario.registries(targets)) {
            Histogram seen = measure(target);
            System.out.printf(
                    "%-24s %10.1f %10.1f %10.1f%n",
                    target.name(),
                    seen.getValueAtPercentile(50) / 1e3,
                    seen.getValueAtPercentile(99) / 1e3,
                    seen.getMaxValue() / 1e3);
        }
    }

    private static Histogram measure(Target target) throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Histogram microseconds = new Histogram(3);
        Map<String, Long> acknowledged = new LinkedHashMap<>();
        try (RegistryClient client = new RegistryClient(target.port())) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
            long nextChange = System.nanoTime();
            int made = 0;
            while (made < CHANGES || !acknowledged.isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new InvalidRunException(
                            target.name() + " did not show " + acknowledged.keySet());
                }
                if (made < CHANGES && System.nanoTime() >= nextChange) {
                    String id = "change-" + made++ + "-";
                    client.register("CHANGE", id, 3600);
                    acknowledged.put(id, System.nanoTime());
                    nextChange += random.nextLong(TimeUnit.MILLISECONDS.toNanos(200));
                }
                String delta = client.get("/delta");
                long now = System.nanoTime();
                acknowledged
                        .entrySet()
                        .removeIf(
                                change -> {
                                    boolean there = delta.contains(change.getKey());
                                    if (there) {
                                        microseconds.recordValue((now - change.getValue()) / 1000);
                                    }
                                    return there;
                                });
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        return microseconds;
    }
}
