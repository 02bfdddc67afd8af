package io.mainstay.bench.registry;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Instances with a lease of 3 s that beat each second; some fall silent. When does the server forget them, and does it forget any other?
final class LeaseEnd implements Scenario {

    private static final String APP = "LEASE";
    private static final int INSTANCES = 50;
    private static final int SILENT = 5;
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(120);

    @Override
    public String name() {
        return "lease";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%n%d instances with a lease of 3 s beat each second, then %d of them fall silent: seconds from the last beat until they"
                        + " are gone%n",
                INSTANCES, SILENT);
        System.out.printf("%-24s %8s %8s %18s%n", "server", "first", "last", "others that went");
        for (Target target : Scenario.registries(targets)) {
            measure(target);
        }
    }

    private static void measure(Target target) throws Exception {
        try (RegistryClient client = new RegistryClient(target.port())) {
            client.registerAll(APP, 0, INSTANCES, 3);
            beatFor(client, TimeUnit.SECONDS.toNanos(5));
            Map<Integer, Long> lastBeat = new TreeMap<>();
            for (int i = 0; i < SILENT; i++) {
                client.beat(APP, "i" + i);
                lastBeat.put(i, System.nanoTime());
                TimeUnit.MILLISECONDS.sleep(130);
            }
            double first = Double.MAX_VALUE;
            double last = 0;
            int others = 0;
            long start = System.nanoTime();
            long nextBeats = start;
            while (!lastBeat.isEmpty() && System.nanoTime() - start < GIVE_UP_NANOS) {
                if (System.nanoTime() >= nextBeats) {
                    others += beatOnce(client, SILENT);
                    nextBeats += TimeUnit.SECONDS.toNanos(1);
                }
                String there = client.get("/" + APP);
                long now = System.nanoTime();
                for (var silent : Map.copyOf(lastBeat).entrySet()) {
                    if (!there.contains("\"i" + silent.getKey() + "\"")) {
                        lastBeat.remove(silent.getKey());
                        double after = (now - silent.getValue()) / 1e9;
                        first = Math.min(first, after);
                        last = Math.max(last, after);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            System.out.printf(
                    "%-24s %8.2f %8s %18d%n",
                    target.name(),
                    first,
                    lastBeat.isEmpty()
                            ? "%.2f".formatted(last)
                            : "> " + TimeUnit.NANOSECONDS.toSeconds(GIVE_UP_NANOS),
                    others);
        }
    }

    private static void beatFor(RegistryClient client, long nanos) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            beatOnce(client, 0);
            TimeUnit.MILLISECONDS.sleep(700);
        }
    }

    /// Beats of all instances from `first` on; returns how many the server did not know.
    private static int beatOnce(RegistryClient client, int first) throws Exception {
        int unknown = 0;
        for (int i = first; i < INSTANCES; i++) {
            if (client.beat(APP, "i" + i) == 404) {
                unknown++;
                client.register(APP, "i" + i, 3);
            }
        }
        return unknown;
    }
}
