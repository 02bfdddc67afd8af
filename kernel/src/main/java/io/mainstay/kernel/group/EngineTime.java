package io.mainstay.kernel.group;

import io.mainstay.common.Check.BrokenAssumption;
import io.mainstay.platform.Clock;

import org.apache.kafka.common.utils.Time;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The engine's time is monotonic: it measures time-outs only, so a clock that was set must not move it.
record EngineTime(Clock clock) implements Time {

    @Override
    public long milliseconds() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
    }

    @Override
    public long nanoseconds() {
        return clock.nanoTime();
    }

    @Override
    public void sleep(long ms) {
        throw new BrokenAssumption("the engine may not sleep on the driver thread");
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
        throw new BrokenAssumption("the engine may not wait on the driver thread");
    }
}
