package io.mainstay.bench.changes;

import io.mainstay.bench.changes.Discovery.Change;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Makes changes one by one and notes when the first and when the last subscriber knew, in microseconds.
public final class ChangeTimes {

    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long SILENT_KNOWN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /// Longer than a node gathers changes: each change is a single one.
    private static final long QUIET_MS = 100;

    private static final int QUIET_SPREAD_MS = 100;

    private final Map<Change, Histogram> first = new EnumMap<>(Change.class);
    private final Map<Change, Histogram> last = new EnumMap<>(Change.class);
    private final SplittableRandom random = new SplittableRandom(7);
    private long made;

    public ChangeTimes() {
        for (Change change : Change.values()) {
            first.put(change, new Histogram(3));
            last.put(change, new Histogram(3));
        }
    }

    public Histogram first(Change change) {
        return first.getOrDefault(change, new Histogram(3));
    }

    public Histogram last(Change change) {
        return last.getOrDefault(change, new Histogram(3));
    }

    /// @param rounds changes of each kind that `discovery` knows
    /// @param mostNanos no change of a kind begins after this
    /// @param counted false: to warm up
    public void measure(Discovery discovery, int rounds, long mostNanos, boolean counted)
            throws Exception {
        pair(discovery, rounds, mostNanos, counted);
        one(discovery, Change.KILL, rounds, mostNanos, counted);
        one(discovery, Change.SILENCE, rounds, mostNanos, counted);
    }

    /// What is registered is cancelled in the next step.
    private void pair(Discovery discovery, int rounds, long mostNanos, boolean counted)
            throws Exception {
        long end = System.nanoTime() + 2 * mostNanos;
        for (int i = 0; i < rounds && System.nanoTime() < end; i++) {
            String id = "change-" + made++;
            Sighting comes = watch(discovery, id, true);
            long began = discovery.register(id);
            note(Change.REGISTER, comes, began, counted);
            Sighting goes = watch(discovery, id, false);
            began = discovery.cancel(id);
            note(Change.CANCEL, goes, began, counted);
        }
    }

    private void one(
            Discovery discovery, Change change, int rounds, long mostNanos, boolean counted)
            throws Exception {
        long end = System.nanoTime() + mostNanos;
        for (int i = 0; discovery.knows(change) && i < rounds && System.nanoTime() < end; i++) {
            String id = "change-" + made++;
            Sighting comes = watch(discovery, id, true);
            long began = 0;
            if (change == Change.KILL) {
                discovery.registerMortal(id);
            } else {
                began = discovery.registerSilent(id);
            }
            if (change == Change.KILL) {
                all(comes);
            } else {
                // Who polls slowly may never know of it.
                comes.await(SILENT_KNOWN_NANOS);
            }
            Sighting goes = watch(discovery, id, false);
            if (change == Change.KILL) {
                began = discovery.kill(id);
            }
            note(change, goes, began, counted);
        }
    }

    private Sighting watch(Discovery discovery, String id, boolean coming)
            throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(QUIET_MS + random.nextInt(QUIET_SPREAD_MS));
        Sighting sighting = new Sighting(id, coming, discovery.subscribers());
        discovery.watch(sighting);
        return sighting;
    }

    private void note(Change change, Sighting sighting, long began, boolean counted)
            throws IOException, InterruptedException {
        all(sighting);
        if (sighting.first() < began) {
            throw new IOException(sighting.id() + " went before its time");
        }
        if (counted) {
            record(first(change), sighting.first() - began);
            record(last(change), sighting.last() - began);
        }
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(nanos / 1_000);
    }

    private static void all(Sighting sighting) throws IOException, InterruptedException {
        if (!sighting.await(GIVE_UP_NANOS)) {
            throw new IOException("not everybody knew of " + sighting.id() + " after 60 s");
        }
    }
}
