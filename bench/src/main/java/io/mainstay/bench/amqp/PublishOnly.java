package io.mainstay.bench.amqp;

import java.util.List;

/// One publisher whose messages nobody consumes.
final class PublishOnly implements Scenario {

    private static final int SIZE = 1_024;
    private static final int WINDOW = 1_000;

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public int loads(Brokers brokers) {
        return brokers.count();
    }

    @Override
    public void run(Brokers brokers, Plan plan) throws Exception {
        Table.head("publish: 1 KiB, persistent, confirmed, one queue, nobody consumes");
        List<Target> targets = brokers.targets();
        List<List<Measured>> all =
                Steady.measure(
                        List.of("bench"),
                        Shape.oneQueue(SIZE, WINDOW, WINDOW, "--consumers", "0"),
                        targets,
                        brokers.load(),
                        plan);
        Table.lines("window 1000", targets, all);
        Table.ratios(targets, all, new RawAppends(brokers.scratch()).perSecond(SIZE, WINDOW));
    }
}
