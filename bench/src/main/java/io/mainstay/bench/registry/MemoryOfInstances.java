package io.mainstay.bench.registry;

import java.util.List;

/// Bytes that one more instance needs: the slope from 10,000 to 20,000, on the heap after a full collection and in the whole process.
final class MemoryOfInstances implements Scenario {

    private static final int FIRST = 10_000;
    private static final int SECOND = 20_000;

    private final String java;

    MemoryOfInstances(String java) {
        this.java = java;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf("%nMemory of an instance, from %,d to %,d of them%n", FIRST, SECOND);
        System.out.printf(
                "%-24s %16s %22s%n", "server", "heap, bytes each", "beside heap, bytes each");
        for (Target target : Scenario.registries(targets)) {
            try (RegistryClient client = new RegistryClient(target.port())) {
                client.registerAll(SteadyBeats.APP, 0, FIRST, 3600);
                // Both moments after one full read each way: what it caches belongs to it.
                client.fetch("/");
                long heapBefore = ProcessUse.heapBytesAfterCollection(java, target.pid());
                long allBefore = ProcessUse.residentKiB(target.pid());
                client.registerAll(SteadyBeats.APP, FIRST, SECOND, 3600);
                client.fetch("/");
                long heap = ProcessUse.heapBytesAfterCollection(java, target.pid()) - heapBefore;
                long resident = (ProcessUse.residentKiB(target.pid()) - allBefore) * 1024;
                System.out.printf(
                        "%-24s %,16d %,22d%n",
                        target.name(), heap / (SECOND - FIRST), resident / (SECOND - FIRST));
            }
        }
    }
}
