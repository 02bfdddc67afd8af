package io.mainstay.bench.changes;

import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One change that is waited for: an instance that comes or goes. Subscribers report, each counts once.
public final class Sighting {

    private final String id;
    private final boolean coming;
    private final BitSet saw = new BitSet();
    private final CountDownLatch missing;
    private long first;
    private long last;

    /// @param id of the instance
    /// @param coming false: it goes
    Sighting(String id, boolean coming, int subscribers) {
        this.id = id;
        this.coming = coming;
        this.missing = new CountDownLatch(subscribers);
    }

    String id() {
        return id;
    }

    /// `subscriber` knows at this moment that `changed` is there, or is not.
    void report(int subscriber, String changed, boolean there) {
        if (there != coming || !changed.equals(id)) {
            return;
        }
        long now = System.nanoTime();
        synchronized (this) {
            if (saw.get(subscriber)) {
                return;
            }
            saw.set(subscriber);
            if (saw.cardinality() == 1) {
                first = now;
            }
            last = now;
        }
        missing.countDown();
    }

    /// Whether all have seen it by then.
    boolean await(long nanos) throws InterruptedException {
        return missing.await(nanos, TimeUnit.NANOSECONDS);
    }

    /// Monotonic nanoseconds at which the first subscriber knew; after [#await].
    synchronized long first() {
        return first;
    }

    synchronized long last() {
        return last;
    }
}
