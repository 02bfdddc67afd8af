package io.mainstay.head.web;

import io.mainstay.platform.Clock;

import java.util.LinkedHashMap;
import java.util.Map;

/// Makes rates of counts, from one time that somebody asks to the next. Nothing is measured while nobody asks: the first answer is 0. One thread only.
public final class RateBook {

    private static final long LEAST_NANOS = 1_000_000_000L;
    private static final int MAX_ENTRIES = 100_000;

    private final Clock clock;
    private final Map<String, Sample> samples =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Sample> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    private record Sample(long nanos, long value, double rate) {}

    public RateBook(Clock clock) {
        this.clock = clock;
    }

    /// Change per second since the last sample, which is at least a second old; in thousandths.
    public double rate(String name, long value) {
        long now = clock.nanoTime();
        Sample last = samples.get(name);
        if (last != null && now - last.nanos() < LEAST_NANOS) {
            return last.rate();
        }
        double rate = last == null ? 0 : perSecond(value - last.value(), now - last.nanos());
        samples.put(name, new Sample(now, value, rate));
        return rate;
    }

    private static double perSecond(long change, long nanos) {
        return Math.round(change * 1e12 / nanos) / 1e3;
    }
}
