package io.mainstay.kernel.group;

/// Prints the trace of one seed of the plain mix: the same in every JVM.
final class ReplaySeed {

    private ReplaySeed() {}

    public static void main(String[] args) {
        long seed = Long.parseLong(args[0]);
        System.out.println(
                KernelSimulation.run(seed, 3, FaultMix.plain(), new LedgerWorkload(), Plant.NONE)
                        .trace());
    }
}
