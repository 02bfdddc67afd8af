package io.mainstay.platform.real;

import io.mainstay.platform.Clock;

/// The clocks of the operating system.
public final class SystemClock implements Clock {

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
