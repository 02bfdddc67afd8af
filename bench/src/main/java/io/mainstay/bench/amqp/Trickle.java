package io.mainstay.bench.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A backlog whose messages came one by one, each confirmed before the next: nothing of it shares a batch of the log, so it shows what one message takes of
/// the heap of our node at worst.
final class Trickle implements Scenario {

    private static final int SIZE = 100;
    private static final int USUAL = 400_000;
    private static final int PUBLISHERS = 16;
    private static final long WARM_UP = 2_000;

    @Override
    public String name() {
        return "trickle";
    }

    @Override
    public void run(Brokers brokers, Plan plan) throws Exception {
        long messages = plan.backlog() == 0 ? USUAL : plan.backlog();
        try (RestartedNode node = brokers.ownNode("trickle")) {
            System.out.printf(
                    "%ntrickle: %,d messages of %,d B, published one by one by %d publishers%n",
                    messages, SIZE, PUBLISHERS);
            publish(node, WARM_UP);
            long heapBefore = node.heapBytes();
            double cpuBefore = node.cpuSeconds();
            long begun = System.nanoTime();
            publish(node, messages / PUBLISHERS);
            System.out.printf(
                    "%,.0f/s, %.1f CPU-s per million%n",
                    messages * 1e9 / (System.nanoTime() - begun),
                    (node.cpuSeconds() - cpuBefore) * 1e6 / messages);
            report(node, heapBefore, messages);
            System.out.printf("start after kill -9: %s%n", node.restart(true));
            report(node, heapBefore, messages);
        }
    }

    private static void report(RestartedNode node, long heapBefore, long messages)
            throws Exception {
        long grown = node.heapBytes() - heapBefore;
        System.out.printf(
                "heap after a collection: %+,d MB, %,d bytes for each message (up to 64 MiB of them keep the last messages); RSS %,d MiB; on disk %,d MiB%n",
                grown / 1_000_000,
                grown / messages,
                node.residentKiB() >> 10,
                node.diskBytes() >> 20);
    }

    private static void publish(RestartedNode node, long each) throws Exception {
        try (ExecutorService publishers = Executors.newFixedThreadPool(PUBLISHERS)) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                String queue = "trickle-" + i;
                all.add(
                        () -> {
                            try (BulkConnection connection = BulkConnection.open(node.port())) {
                                connection.declare(queue);
                                connection.publish(queue, SIZE, each, 1, confirmed -> {});
                            }
                            return true;
                        });
            }
            for (Future<Boolean> one : publishers.invokeAll(all)) {
                one.get();
            }
        }
    }
}
