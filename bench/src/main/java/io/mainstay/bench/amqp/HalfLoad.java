package io.mainstay.bench.amqp;

import java.util.ArrayList;
import java.util.List;

/// The way of a message at half of what the slowest broker can do, for all of them, on a fixed schedule: a broker that stops for a moment makes all
/// messages of that moment late.
final class HalfLoad implements Scenario {

    private static final Shape FULL = new Shape(1_024, Shape.Layout.Q1, 100, 100);

    private final int perSecond;

    /// @param perSecond 0: half of what the slowest can do
    HalfLoad(int perSecond) {
        this.perSecond = perSecond;
    }

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public int loads(Brokers brokers) {
        return brokers.count() * (perSecond == 0 ? 2 : 1);
    }

    @Override
    public void run(Brokers brokers, Plan plan) throws Exception {
        List<Target> targets = brokers.targets();
        int rate = perSecond == 0 ? half(targets, brokers.load(), plan) : perSecond;
        System.out.printf(
                "%nlatency: 1 KiB, persistent, confirmed, one queue, %,d messages/s on a schedule%n",
                rate);
        System.out.printf(
                "%-18s %10s %34s %34s%n",
                "broker",
                "CPU-s/mio",
                "to the consumer p50/99/99.9/max ms",
                "confirm p50/99/99.9/max ms");
        List<List<PacedLoad.Latencies>> all = new ArrayList<>();
        targets.forEach(target -> all.add(new ArrayList<>()));
        for (int round = -1; round < plan.rounds(); round++) {
            for (int i = 0; i < targets.size(); i++) {
                PacedLoad load = new PacedLoad(targets.get(i), FULL.bytes(), rate, FULL.prefetch());
                PacedLoad.Latencies found = load.run(round < 0 ? 3 : plan.seconds());
                if (round >= 0) {
                    all.get(i).add(found);
                }
            }
        }
        for (int i = 0; i < targets.size(); i++) {
            PacedLoad.Latencies sum = PacedLoad.Latencies.sum(all.get(i));
            System.out.printf(
                    "%-18s %10.1f %34s %34s%n",
                    targets.get(i).name(),
                    sum.cpuPerMillion(),
                    PacedLoad.text(sum.delivered()),
                    PacedLoad.text(sum.confirmed()));
        }
    }

    private static int half(List<Target> targets, PerfTest load, Plan plan) throws Exception {
        double slowest = Double.MAX_VALUE;
        for (List<Measured> rounds :
                Steady.measure(
                        FULL.queues(),
                        FULL.arguments(),
                        targets,
                        load,
                        new Plan(plan.seconds(), 1, 0, 0, 0))) {
            slowest = Math.min(slowest, Table.median(rounds, Measured::sent));
        }
        return Math.max(1, (int) slowest / 2);
    }
}
