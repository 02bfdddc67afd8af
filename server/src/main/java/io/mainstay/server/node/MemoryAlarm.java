package io.mainstay.server.node;

import io.mainstay.platform.Clock;

import java.time.Duration;

/// Whether memory is so short that publishers must wait. A queue takes little heap however long it is, but connections, unsettled deliveries, open
/// transactions and queues themselves do take some, and a process without memory is gone: the watermark stops what makes them grow before that.
///
/// It rings at the watermark and ends [#SLACK] below it. What is alive is known by a collection only, and the next one may come when it is too late: when the old
/// generation is nearly full, half way from the watermark, garbage is collected, not more often than every [#LOOK_CLOSER].
///
/// While the heap is why it rings, garbage is collected every [#COLLECT]: where nothing is published little is
/// allocated, and nobody would notice that consumers have made room. [#look] is called by one thread; others may ask.
final class MemoryAlarm {

    /// Share of what there is.
    static final double SLACK = 0.05;

    static final Duration COLLECT = Duration.ofSeconds(10);

    static final Duration LOOK_CLOSER = Duration.ofSeconds(1);

    private final MemoryProbe probe;
    private final double watermark;
    private final Clock clock;
    private long collectedNanos;
    private volatile boolean low;
    private volatile MemoryProbe.Reading last;

    /// @param watermarkPercent of the heap's old generation, and of the memory for buffers beside it, each for itself
    MemoryAlarm(MemoryProbe probe, int watermarkPercent, Clock clock) {
        this.probe = probe;
        this.watermark = watermarkPercent / 100.0;
        this.clock = clock;
        this.collectedNanos = clock.nanoTime();
        this.last = probe.read();
        this.low = last.reaches(watermark);
    }

    /// @return whether memory is short now
    boolean look() {
        MemoryProbe.Reading now = probe.read();
        if (!low && now.usedReaches((1 + watermark) / 2) && hasPassed(LOOK_CLOSER)) {
            now = collect();
        }
        last = now;
        low = now.reaches(low ? watermark - SLACK : watermark);
        if (low && now.heapReaches(watermark - SLACK) && hasPassed(COLLECT)) {
            collect();
        }
        return low;
    }

    private boolean hasPassed(Duration sinceCollected) {
        return clock.nanoTime() - collectedNanos >= sinceCollected.toNanos();
    }

    private MemoryProbe.Reading collect() {
        probe.collect();
        collectedNanos = clock.nanoTime();
        return probe.read();
    }

    boolean low() {
        return low;
    }

    /// What was alive at the last look: heap and buffers.
    long usedBytes() {
        return last.liveBytes() + last.directBytes();
    }

    /// The watermark of both together.
    long limitBytes() {
        return (long) (watermark * (last.liveMaxBytes() + last.directMaxBytes()));
    }

    String shown() {
        MemoryProbe.Reading now = last;
        return "heap %d of %d MiB alive, buffers %d of %d MiB, watermark %.0f %%"
                .formatted(
                        now.liveBytes() >> 20,
                        now.liveMaxBytes() >> 20,
                        now.directBytes() >> 20,
                        now.directMaxBytes() >> 20,
                        watermark * 100);
    }
}
