package io.mainstay.bench.registry;

import java.io.IOException;
import java.util.List;

/// Each instance beats once a second over its own kept-alive connection: here wake-ups decide, not bytes.
final class PacedBeats implements Scenario {

    private static final int SECONDS = 15;

    private final int instances;
    private final int connections;

    /// @param connections fewer than instances where the process may not open as many files
    PacedBeats(int instances, int connections) {
        this.instances = instances;
        this.connections = connections;
    }

    @Override
    public String name() {
        return "paced-" + instances;
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%n%,d instances, one beat a second each, over %,d connections%n",
                instances, connections);
        double[][] cpu = new double[targets.size()][rounds];
        long[] skipped = new long[targets.size()];
        boolean[] overrun = new boolean[targets.size()];
        for (Target target : targets) {
            if (target.registry()) {
                try (RegistryClient client = new RegistryClient(target.port())) {
                    client.registerAll(SteadyBeats.APP, 0, instances, 3600);
                }
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                if (overrun[i]) {
                    continue;
                }
                try (BeatLoad load =
                        new BeatLoad(target.port(), connections, SteadyBeats.APP, instances)) {
                    SteadyBeats.check(target, load.paced(2));
                    double before = target.cpuSeconds();
                    BeatLoad.Result result = load.paced(SECONDS);
                    SteadyBeats.check(target, result);
                    cpu[i][round] = (target.cpuSeconds() - before) * 1e6 / result.answered();
                    skipped[i] += result.skipped();
                } catch (IOException lost) {
                    // It closed connections or left a beat without an answer for 10 s.
                    overrun[i] = true;
                }
            }
        }
        double floor = SteadyBeats.median(cpu[0]);
        System.out.printf(
                "%-24s %16s %10s %8s %8s%n",
                "server", "CPU-s/million", "of floor", "cores", "skipped");
        for (int i = 0; i < targets.size(); i++) {
            if (overrun[i]) {
                System.out.printf("%-24s could not keep up%n", targets.get(i).name());
                continue;
            }
            double median = SteadyBeats.median(cpu[i]);
            System.out.printf(
                    "%-24s %16.1f %10.2f %8.2f %,8d%n",
                    targets.get(i).name(),
                    median,
                    median / floor,
                    median * instances / 1e6,
                    skipped[i]);
        }
    }
}
