package io.mainstay.bench.amqp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Loads that go on for a time, with their publishers and consumers at once.
///
/// @param floor whether the null broker takes part in all of them, and not only with large bodies
record Steady(String name, List<Shape> shapes, boolean floor) implements Scenario {

    /// Where a broker is mostly copying.
    private static final int LARGE_BYTES = 65_536;

    /// Of the load before the first round, for what the broker has not yet done in this shape.
    private static final int WARM_SECONDS = 5;

    static Steady of(String name, boolean floor, String... patterns) {
        List<Shape> shapes = new ArrayList<>();
        for (String pattern : patterns) {
            Shape.matching(pattern).stream()
                    .filter(shape -> !shapes.contains(shape))
                    .forEach(shapes::add);
        }
        return new Steady(name, shapes, floor);
    }

    @Override
    public int loads(Brokers brokers) {
        int loads = 0;
        for (Shape shape : shapes) {
            loads += brokers.count() + (withFloor(shape) ? 1 : 0);
        }
        return loads;
    }

    private boolean withFloor(Shape shape) {
        return floor || shape.bytes() >= LARGE_BYTES;
    }

    @Override
    public void run(Brokers brokers, Plan plan) throws Exception {
        Table.head(name + ": persistent, confirmed; size/queues/window/prefetch");
        RawAppends raw = new RawAppends(brokers.scratch());
        for (Shape shape : shapes) {
            List<Target> targets = withFloor(shape) ? brokers.targetsAndFloor() : brokers.targets();
            List<List<Measured>> all =
                    measure(shape.queues(), shape.arguments(), targets, brokers.load(), plan);
            Table.lines(shape.name(), targets, all);
            Table.ratios(targets, all, raw.perSecond(shape.bytes(), shape.window()));
        }
    }

    /// Of each target, its rounds, one target after the other in each. A load before the first round warms each of them.
    static List<List<Measured>> measure(
            List<String> queues,
            List<String> arguments,
            List<Target> targets,
            PerfTest load,
            Scenario.Plan plan)
            throws Exception {
        List<List<Measured>> all = new ArrayList<>();
        for (Target target : targets) {
            all.add(new ArrayList<>());
            once(target, queues, arguments, load, Math.min(WARM_SECONDS, plan.seconds()));
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < targets.size(); i++) {
                all.get(i).add(once(targets.get(i), queues, arguments, load, plan.seconds()));
            }
        }
        return all;
    }

    static Measured once(
            Target target, List<String> queues, List<String> arguments, PerfTest load, int seconds)
            throws IOException, InterruptedException, TimeoutException {
        List<String> timed = new ArrayList<>(arguments);
        timed.addAll(List.of("--time", Integer.toString(seconds)));
        Measured measured = load.run(target, seconds, 0, timed);
        target.clean(queues);
        return measured;
    }
}
