package io.mainstay.bench.registry;

import java.util.List;

/// Every instance registers again at once, as after an outage.
final class RestartStorm implements Scenario {

    private static final int INSTANCES = 5_000;

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf("%n%,d instances register at once, 64 calls under way%n", INSTANCES);
        List<Target> registries = Scenario.registries(targets);
        double[][] cpu = new double[registries.size()][rounds];
        double[][] seconds = new double[registries.size()][rounds];
        // The first turn is the warm-up.
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < registries.size(); i++) {
                Target target = registries.get(i);
                try (RegistryClient client = new RegistryClient(target.port())) {
                    double before = target.cpuSeconds();
                    long start = System.nanoTime();
                    client.registerAll("STORM", 0, INSTANCES, 3600);
                    if (round >= 0) {
                        seconds[i][round] = (System.nanoTime() - start) / 1e9;
                        cpu[i][round] = (target.cpuSeconds() - before) * 1e6 / INSTANCES;
                    }
                }
            }
        }
        System.out.printf("%-24s %16s %16s%n", "server", "registrations/s", "CPU-s/million");
        for (int i = 0; i < registries.size(); i++) {
            System.out.printf(
                    "%-24s %,16.0f %16.1f%n",
                    registries.get(i).name(),
                    INSTANCES / SteadyBeats.median(seconds[i]),
                    SteadyBeats.median(cpu[i]));
        }
    }
}
