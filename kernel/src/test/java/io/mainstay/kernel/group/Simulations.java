package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// Runs seeds of a simulation: `mainstay.seeds` says how many, `mainstay.seed` picks a single one; with both it says where to begin, so that a long run can be cut in pieces.
public final class Simulations {

    /// As many times more seeds in a long run.
    private static final int LONG = Boolean.getBoolean("mainstay.long") ? 5 : 1;

    private Simulations() {}

    /// Three voters under every fault at once.
    ///
    /// @param test module, class and method, for the command that plays a failing seed again
    /// @param seeds how many if nothing is said
    public static void run(String test, int seeds, Supplier<Workload> workload) {
        run(test, seeds, 3, FaultMix::plain, workload, Plant.NONE);
    }

    /// As above, of so many nodes and under those faults.
    ///
    /// @param nodes voters; 1 or 3
    public static void run(
            String test,
            int seeds,
            int nodes,
            Supplier<FaultMix> mix,
            Supplier<Workload> workload) {
        run(test, seeds, nodes, mix, workload, Plant.NONE);
    }

    /// Whether one of so many seeds fails; seeds begin at 1.
    ///
    /// @return what the first that fails says; `null` if none does
    public static @Nullable String firstFailure(
            int seeds, int nodes, Supplier<FaultMix> mix, Supplier<Workload> workload) {
        for (int seed = 1; seed <= seeds; seed++) {
            try {
                KernelSimulation.run(seed, nodes, mix.get(), workload.get(), Plant.NONE);
            } catch (SimulationFailure found) {
                return "seed %d: %s".formatted(seed, found.getMessage());
            }
        }
        return null;
    }

    /// @param test module, class and method, for the command that plays a failing seed again
    /// @param seeds how many if nothing is said
    static SimChecker.Counts run(
            String test,
            int seeds,
            int nodes,
            Supplier<FaultMix> mix,
            Supplier<Workload> workload,
            Plant plant) {
        long begin = Long.getLong("mainstay.seed", 0);
        int count = Integer.getInteger("mainstay.seeds", begin > 0 ? 1 : LONG * seeds);
        long first = begin > 0 ? begin : 1;
        SimChecker.Counts total = new SimChecker.Counts();
        long events = 0;
        long simulatedMs = 0;
        long cpu = cpuNanos();
        for (long seed = first; seed < first + count; seed++) {
            try {
                KernelSimulation.Report report =
                        KernelSimulation.run(seed, nodes, mix.get(), workload.get(), plant);
                total.add(report.counts());
                events += report.events();
                simulatedMs += report.simulatedMs();
            } catch (SimulationFailure e) {
                throw new SimulationFailure(
                        "seed %d: %s%nto play it again: ./mainstay test --seed %d -pl %s -am -Dtest=%s"
                                .formatted(
                                        seed,
                                        e.getMessage(),
                                        seed,
                                        test.substring(0, test.indexOf(' ')),
                                        test.substring(test.indexOf(' ') + 1)),
                        e);
            }
        }
        if (count >= 20 && plant == Plant.NONE) {
            SimChecker.require(
                    total.acknowledged > 200L * count
                            && total.powerCuts > count
                            && total.reads > count,
                    "too little happened to say anything: %s",
                    total);
        }
        System.out.printf(
                "%s: %,d seeds, %,d s simulated, %,d events, %.1f CPU-seconds: %s%n",
                test, count, simulatedMs / 1000, events, (cpuNanos() - cpu) / 1e9, total);
        return total;
    }

    private static long cpuNanos() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
