package io.mainstay.bench.amqp;

import java.util.ArrayList;
import java.util.List;

/// A queue is filled while nobody consumes, then emptied while nobody publishes.
///
/// @param size bytes of a body
/// @param perSecond messages of the backlog for each second of a load; 0: as many as the plan says
record Backlog(String name, int size, int perSecond) implements Scenario {

    private static final int USUAL = 1_000_000;

    /// The slowest drain that is waited for.
    private static final int LEAST_PER_SECOND = 1_000;

    @Override
    public int loads(Brokers brokers) {
        return perSecond == 0 ? 0 : 2 * brokers.count();
    }

    @Override
    public void run(Brokers brokers, Plan plan) throws Exception {
        List<Target> targets = brokers.targets();
        PerfTest load = brokers.load();
        int messages =
                perSecond == 0
                        ? (plan.backlog() == 0 ? USUAL : plan.backlog())
                        : perSecond * plan.seconds();
        Table.head(
                "%,d messages of %,d B: first published, then consumed".formatted(messages, size));
        // What fills and drains for minutes needs no second look.
        int rounds = perSecond == 0 ? 1 : plan.rounds();
        List<List<Measured>> fills = new ArrayList<>();
        List<List<Measured>> drains = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            fills.add(new ArrayList<>());
            drains.add(new ArrayList<>());
        }
        if (perSecond > 0) {
            for (Target target : targets) {
                fill(target, load, messages / 4);
                drain(target, load, messages / 4);
                target.clean(List.of("bench"));
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                long before = target.server().residentKiB();
                fills.get(i).add(fill(target, load, messages));
                long after = target.server().residentKiB();
                drains.get(i).add(drain(target, load, messages));
                target.clean(List.of("bench"));
                System.out.printf(
                        "%-26s %-18s resident memory grew by %,d MiB%n",
                        "", target.name(), (after - before) / 1024);
            }
        }
        Table.lines("publish", targets, fills);
        Table.lines("consume, prefetch 1000", targets, drains);
    }

    private Measured fill(Target target, PerfTest load, int messages) throws Exception {
        return load.run(
                target,
                messages / LEAST_PER_SECOND,
                messages,
                Shape.oneQueue(
                        size,
                        1_000,
                        1_000,
                        "--consumers",
                        "0",
                        "--pmessages",
                        Integer.toString(messages)));
    }

    private Measured drain(Target target, PerfTest load, int messages) throws Exception {
        return load.run(
                target,
                messages / LEAST_PER_SECOND,
                messages,
                Shape.oneQueue(
                        size,
                        1_000,
                        1_000,
                        "--producers",
                        "0",
                        "--cmessages",
                        Integer.toString(messages)));
    }
}
