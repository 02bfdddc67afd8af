package io.mainstay.bench.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongConsumer;

/// Millions of small messages in one queue of our node: what they take of the heap, whether publishing slows down, how long a start takes with
/// them, and how fast they leave. The load is our own and does hardly anything, so that it is over in minutes.
final class DeepBacklog implements Scenario {

    private static final int SIZE = 100;
    private static final int USUAL = 10_000_000;
    private static final int WINDOW = 4_000;
    private static final int PREFETCH = 2_000;
    private static final long WARM_UP = 1_000_000;
    private static final int STEPS = 10;
    private static final String QUEUE = "deep";

    @Override
    public String name() {
        return "deep";
    }

    @Override
    public void run(Brokers brokers, Plan plan) throws Exception {
        try (RestartedNode node = brokers.ownNode("deep")) {
            run(node, (plan.backlog() == 0 ? USUAL : plan.backlog()));
        }
    }

    private static void run(RestartedNode node, long messages) throws Exception {
        System.out.printf(
                "%n%,d messages of %,d B in one queue of a node with a heap of %s%n",
                messages, SIZE, node.heap());
        System.out.printf("first start, with nothing: %s%n", node.lastStart());
        publish(node, WARM_UP, "warm-up, published");
        consume(node, WARM_UP, "warm-up, consumed");
        long heapBefore = node.heapBytes();
        double[] fills = publish(node, messages, "published");
        long heapAfter = node.heapBytes();
        System.out.printf(
                "heap after a collection: %,d MiB before, %,d MiB with the messages: %+,d MB; RSS %,d MiB; on disk %,d MiB%n",
                heapBefore >> 20,
                heapAfter >> 20,
                (heapAfter - heapBefore) / 1_000_000,
                node.residentKiB() >> 10,
                node.diskBytes() >> 20);
        System.out.printf(
                "the last tenth cost %.2f times the CPU of the first%n",
                fills[STEPS - 1] / fills[0]);
        System.out.printf("start after kill -9: %s%n", node.restart(true));
        System.out.printf("start after a stop: %s%n", node.restart(false));
        System.out.printf(
                "heap after a collection: %,d MiB; RSS %,d MiB%n",
                node.heapBytes() >> 20, node.residentKiB() >> 10);
        consume(node, messages, "consumed");
        System.out.printf(
                "heap after a collection: %,d MiB; on disk %,d MiB%n",
                node.heapBytes() >> 20, node.diskBytes() >> 20);
    }

    private static double[] publish(RestartedNode node, long messages, String what)
            throws IOException {
        try (BulkConnection connection = BulkConnection.open(node.port())) {
            connection.declare(QUEUE);
            Steps steps = new Steps(node, messages, what);
            connection.publish(QUEUE, SIZE, messages, WINDOW, steps);
            return steps.cpuPerMillion;
        }
    }

    private static void consume(RestartedNode node, long messages, String what) throws IOException {
        try (BulkConnection connection = BulkConnection.open(node.port())) {
            connection.consume(QUEUE, messages, PREFETCH, new Steps(node, messages, what));
        }
    }

    /// Prints a line after each tenth.
    private static final class Steps implements LongConsumer {
        private final RestartedNode node;
        private final long step;
        private final String what;
        private final double[] cpuPerMillion = new double[STEPS];
        private int taken;
        private long since = System.nanoTime();
        private double cpu;
        private long before;

        Steps(RestartedNode node, long messages, String what) throws IOException {
            this.node = node;
            this.step = Math.max(1, messages / STEPS);
            this.what = what;
            this.cpu = node.cpuSeconds();
        }

        @Override
        public void accept(long done) {
            if (taken == STEPS || done < step * (taken + 1)) {
                return;
            }
            try {
                double cpuNow = node.cpuSeconds();
                long now = System.nanoTime();
                cpuPerMillion[taken] = (cpuNow - cpu) * 1e6 / (done - before);
                System.out.printf(
                        "%-20s %,12d  %,9.0f/s  %6.1f CPU-s per million%n",
                        what, done, (done - before) * 1e9 / (now - since), cpuPerMillion[taken]);
                cpu = cpuNow;
                since = now;
                before = done;
                taken++;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }
}
