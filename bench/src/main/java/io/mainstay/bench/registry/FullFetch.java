package io.mainstay.bench.registry;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Pollers that read the whole registry, compressed, while instances come ten times a second.
final class FullFetch implements Scenario {

    private static final int POLLERS = 200;
    private static final int FETCHES = 2_000;

    @Override
    public String name() {
        return "fetch";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%n%d pollers read everything (JSON, gzip) while ten instances a second come%n",
                POLLERS);
        System.out.printf(
                "%-24s %10s %14s %10s %10s%n",
                "server", "fetches/s", "CPU-ms/fetch", "KiB", "p99 ms");
        AtomicInteger sequence = new AtomicInteger();
        for (int round = 0; round < rounds; round++) {
            for (Target target : Scenario.registries(targets)) {
                measure(target, sequence);
            }
        }
    }

    private static void measure(Target target, AtomicInteger sequence) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger left = new AtomicInteger(FETCHES);
        Histogram latency = new org.HdrHistogram.ConcurrentHistogram(3);
        try (RegistryClient client = new RegistryClient(target.port());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> churn =
                    threads.submit(
                            () -> {
                                while (!ended.get()) {
                                    String id = "churn-" + sequence.incrementAndGet() % 100;
                                    client.register("CHURN", id, 3600);
                                    TimeUnit.MILLISECONDS.sleep(100);
                                }
                                return null;
                            });
            double before = target.cpuSeconds();
            long start = System.nanoTime();
            List<Future<Long>> pollers = new ArrayList<>();
            for (int i = 0; i < POLLERS; i++) {
                pollers.add(threads.submit(() -> poll(client, left, latency)));
            }
            long bytes = 0;
            for (Future<Long> poller : pollers) {
                bytes += poller.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = target.cpuSeconds() - before;
            ended.set(true);
            churn.get();
            System.out.printf(
                    "%-24s %,10.0f %14.2f %,10d %10.0f%n",
                    target.name(),
                    FETCHES / seconds,
                    cpu * 1e3 / FETCHES,
                    bytes / FETCHES / 1024,
                    latency.getValueAtPercentile(99) / 1e6);
        }
    }

    private static long poll(RegistryClient client, AtomicInteger left, Histogram latency)
            throws Exception {
        long bytes = 0;
        while (left.getAndDecrement() > 0) {
            long start = System.nanoTime();
            bytes += client.fetch("/").length;
            latency.recordValue(System.nanoTime() - start);
        }
        return bytes;
    }
}
