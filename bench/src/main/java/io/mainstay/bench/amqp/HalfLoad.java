package io.mainstay.bench.amqp;

import java.util.ArrayList;
import java.util.List;

/// The way of a message at half of what the slowest broker can do, for all of them.
final class HalfLoad implements Scenario {

    private static final int WINDOW = 100;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public void run(List<Target> targets, PerfTest load, Plan plan) throws Exception {
        Steady.Case full = Steady.oneQueue("full", 1_024, WINDOW, 100);
        double slowest = Double.MAX_VALUE;
        for (List<Measured> rounds :
                Steady.measure(full, targets, load, new Plan(plan.seconds(), 1, 0))) {
            slowest = Math.min(slowest, Table.median(rounds, Measured::sent));
        }
        long rate = Math.max(1, (long) slowest / 2);
        Table.head(
                "1 KiB, persistent, confirmed at %,d messages/s, half of what the slowest can do"
                        .formatted(rate));
        List<String> arguments = new ArrayList<>(full.arguments());
        arguments.addAll(List.of("--rate", Long.toString(rate)));
        Steady.Case half = new Steady.Case("half load", full.queues(), arguments);
        List<List<Measured>> all = Steady.measure(half, targets, load, plan);
        for (int i = 0; i < targets.size(); i++) {
            Table.line(half.name(), targets.get(i), all.get(i));
        }
    }
}
