package io.mainstay.bench.amqp;

import java.util.ArrayList;
import java.util.List;

/// Loads that go on for a time, with their publishers and consumers at once.
record Steady(String name, String title, List<Case> cases) implements Scenario {

    private static final String QUEUE = "bench";
    private static final int MANY = 10;

    /// One load.
    ///
    /// @param queues what it leaves behind
    /// @param arguments of PerfTest
    record Case(String name, List<String> queues, List<String> arguments) {}

    static Steady confirms() {
        List<Case> cases = new ArrayList<>();
        for (int window : new int[] {1, 100, 1_000}) {
            cases.add(oneQueue("window " + window + ", prefetch 100", 1_024, window, 100));
        }
        cases.add(oneQueue("window 100, prefetch 1", 1_024, 100, 1));
        return new Steady(
                "confirm",
                "1 KiB, persistent, confirmed: one publisher, one queue, one consumer",
                cases);
    }

    static Steady publishOnly() {
        return new Steady(
                "publish",
                "1 KiB, persistent, confirmed: one publisher, one queue, nobody consumes",
                List.of(
                        new Case(
                                "window 1000",
                                List.of(QUEUE),
                                arguments(1_024, 1_000, 1_000, "--consumers", "0"))));
    }

    static Steady sizes() {
        List<Case> cases = new ArrayList<>();
        cases.add(oneQueue("16 B, window 1000", 16, 1_000, 1_000));
        cases.add(oneQueue("1 KiB, window 1000", 1_024, 1_000, 1_000));
        cases.add(oneQueue("64 KiB, window 100", 65_536, 100, 100));
        cases.add(
                new Case(
                        "1 KiB, 10 queues",
                        manyQueues(),
                        manyArguments(100, "--producers", "10", "--consumers", "10")));
        return new Steady("sizes", "persistent, confirmed, by size and number of queues", cases);
    }

    static Steady fanout() {
        return new Steady(
                "fanout",
                "1 KiB, persistent, confirmed: one publisher, a fanout exchange, 10 queues with a consumer each",
                List.of(
                        new Case(
                                "to 10, window 100",
                                manyQueues(),
                                manyArguments(
                                        100,
                                        "--type",
                                        "fanout",
                                        "--exchange",
                                        "bench-fanout",
                                        "--producers",
                                        "1",
                                        "--consumers",
                                        "10"))));
    }

    static Case oneQueue(String name, int size, int window, int prefetch) {
        return new Case(name, List.of(QUEUE), arguments(size, window, prefetch));
    }

    /// @param more further arguments
    static List<String> arguments(int size, int window, int prefetch, String... more) {
        List<String> arguments = new ArrayList<>(common(size, window, prefetch));
        arguments.addAll(List.of("--queue", QUEUE));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static List<String> manyArguments(int window, String... more) {
        List<String> arguments = new ArrayList<>(common(1_024, window, 100));
        arguments.addAll(
                List.of(
                        "--queue-pattern",
                        QUEUE + "-%d",
                        "--queue-pattern-from",
                        "1",
                        "--queue-pattern-to",
                        Integer.toString(MANY)));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /// A consumer acknowledges one by one, as applications do.
    private static List<String> common(int size, int window, int prefetch) {
        return List.of(
                "--size",
                Integer.toString(size),
                "--confirm",
                Integer.toString(window),
                "--qos",
                Integer.toString(prefetch));
    }

    private static List<String> manyQueues() {
        List<String> queues = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            queues.add(QUEUE + "-" + i);
        }
        return queues;
    }

    @Override
    public void run(List<Target> targets, PerfTest load, Plan plan) throws Exception {
        Table.head(title);
        for (Case one : cases) {
            List<List<Measured>> all = measure(one, targets, load, plan);
            for (int i = 0; i < targets.size(); i++) {
                Table.line(one.name(), targets.get(i), all.get(i));
            }
        }
    }

    /// Of each target, its rounds. One load before the first round warms each broker.
    static List<List<Measured>> measure(Case one, List<Target> targets, PerfTest load, Plan plan)
            throws Exception {
        List<List<Measured>> all = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            all.add(new ArrayList<>());
        }
        List<String> arguments = new ArrayList<>(one.arguments());
        arguments.addAll(List.of("--time", Integer.toString(plan.seconds())));
        for (int round = -1; round < plan.rounds(); round++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                Measured measured = load.run(target, plan.seconds(), 0, arguments);
                target.clean(one.queues());
                if (round >= 0) {
                    all.get(i).add(measured);
                }
            }
        }
        return all;
    }
}
