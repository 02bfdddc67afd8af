package io.mainstay.bench.registry;

import io.mainstay.bench.changes.RollingRestart;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// A service is replaced instance by instance: what its subscribers are sent, beside what a full list for each change would take.
final class Rolling implements Scenario {

    private static final int INSTANCES = 1_000;
    private static final int SUBSCRIBERS = 1_000;
    private static final int AIM_TIMES = 10;

    private final int seconds;

    /// @param seconds that the restart of all takes
    Rolling(int seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "rolling";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%nRolling restart of %,d instances in %d s before %,d subscribers: each drains, cancels and registers again%n",
                INSTANCES, seconds, SUBSCRIBERS);
        for (Target target : targets) {
            if (target.streamPort() != 0) {
                try (RollingRestart restart =
                        new RollingRestart(
                                target.streamPort(), "ROLLING", INSTANCES, SUBSCRIBERS)) {
                    double cpu = target.cpuSeconds();
                    RollingRestart.Seen seen = restart.run(TimeUnit.SECONDS.toNanos(seconds));
                    print(target, seen, target.cpuSeconds() - cpu);
                }
            }
        }
    }

    private static void print(Target target, RollingRestart.Seen seen, double cpu) {
        double each = (double) seen.bytes() / SUBSCRIBERS;
        double perChange = (double) seen.changes() * seen.fullBytes();
        double perPush = (double) seen.updates() / SUBSCRIBERS * seen.fullBytes();
        System.out.printf(
                "%s: %,d changes; of each subscriber: %.0f pushes, %.0f instances in them, %,.0f bytes%n",
                target.name(),
                seen.changes(),
                (double) seen.updates() / SUBSCRIBERS,
                (double) seen.entries() / SUBSCRIBERS,
                each);
        System.out.printf(
                "all together %,.1f MB; the last subscriber had the last change %.1f ms after its acknowledgement; server CPU %.1f s%n",
                seen.bytes() / 1e6, seen.finalNanos() / 1e6, cpu);
        System.out.printf(
                "a full list is %,d bytes: one for each change would be %,.0f bytes (%.0f times), one for each of these pushes %,.0f (%.0f times)%n",
                seen.fullBytes(), perChange, perChange / each, perPush, perPush / each);
        Aim.print(
                "a tenth of the bytes of full lists, gathered as these pushes are",
                perPush / each >= AIM_TIMES,
                "1/%.0f".formatted(perPush / each));
    }
}
