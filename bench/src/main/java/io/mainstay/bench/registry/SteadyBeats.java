package io.mainstay.bench.registry;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Heartbeats in a closed loop over few connections: what a beat costs a busy server.
final class SteadyBeats implements Scenario {

    static final String APP = "BENCH";
    private static final int CONNECTIONS = 64;
    private static final long BEATS = 300_000;

    /// A slow server gets no longer, and its figure is that of fewer beats.
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int instances;
    private final long warm;

    /// @param warm beats to each server before the first window: a cold JVM costs ten times more
    SteadyBeats(int instances, long warm) {
        this.instances = instances;
        this.warm = warm;
    }

    @Override
    public String name() {
        return "beats-" + instances;
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%n%,d instances, beats in a closed loop over %d connections%n",
                instances, CONNECTIONS);
        for (Target target : targets) {
            if (target.registry()) {
                try (RegistryClient client = new RegistryClient(target.port())) {
                    client.registerAll(APP, 0, instances, 3600);
                }
            }
            beat(target, warm);
        }
        measure(targets, rounds);
    }

    /// Over connections of its own: servers close those that wait for the other servers' turns. Returns the beats that were answered.
    private long beat(Target target, long beats) throws Exception {
        try (BeatLoad load = new BeatLoad(target.port(), CONNECTIONS, APP, instances)) {
            BeatLoad.Result result = load.closedLoop(beats, MOST_NANOS);
            check(target, result);
            return result.answered();
        } catch (IOException broken) {
            throw new InvalidRunException(target.name() + ": " + broken.getMessage());
        }
    }

    private void measure(List<Target> targets, int rounds) throws Exception {
        double[][] cpu = new double[targets.size()][rounds];
        double[][] rate = new double[targets.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < targets.size(); i++) {
                double before = targets.get(i).cpuSeconds();
                long start = System.nanoTime();
                long beats = beat(targets.get(i), BEATS);
                rate[i][round] = beats / ((System.nanoTime() - start) / 1e9);
                cpu[i][round] = (targets.get(i).cpuSeconds() - before) * 1e6 / beats;
            }
        }
        double floor = median(cpu[0]);
        System.out.printf(
                "%-24s %12s %16s %10s%n", "server", "beats/s", "CPU-s/million", "of floor");
        for (int i = 0; i < targets.size(); i++) {
            System.out.printf(
                    "%-24s %,12.0f %16.1f %10.2f%n",
                    targets.get(i).name(), median(rate[i]), median(cpu[i]), median(cpu[i]) / floor);
        }
    }

    static void check(Target target, BeatLoad.Result result) throws InvalidRunException {
        if (result.failed() > 0) {
            throw new InvalidRunException(
                    target.name()
                            + " answered "
                            + result.failed()
                            + " beats with another status than 200");
        }
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
