package io.mainstay.client.internal;

/// The one thread of the client, and its time. Tests put their own in its place.
public interface Loop {

    void execute(Runnable work);

    /// @return ends it if it has not begun
    Runnable schedule(long delayMs, Runnable work);

    /// Monotonic.
    long nanoTime();

    /// Unix time; may jump.
    long wallMs();

    /// Of a uniform distribution from 0 (inclusive) to 1.
    double random();
}
