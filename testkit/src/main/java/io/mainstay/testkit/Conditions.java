package io.mainstay.testkit;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// Waits for what a test or the demo wants to see.
public final class Conditions {
    /// How often a condition is looked at: often enough to time it to a few hundredths of a second.
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Conditions() {}

    /// A look at the world that may fail; a failure counts as "not yet" and is told at the deadline.
    @FunctionalInterface
    public interface Look<T> {
        @Nullable T look() throws Exception;
    }

    /// A condition that may fail to be looked at.
    @FunctionalInterface
    public interface Holds {
        boolean holds() throws Exception;
    }

    /// Waits until `condition` holds and returns how long that took.
    ///
    /// @throws AssertionError after `deadline`, with `what` and the last exception
    public static Duration await(String what, Duration deadline, Holds condition) {
        long start = System.nanoTime();
        value(what, deadline, () -> condition.holds() ? Boolean.TRUE : null);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// Waits until `look` sees something and returns it.
    ///
    /// @throws AssertionError after `deadline`, with `what` and the last exception
    public static <T> T value(String what, Duration deadline, Look<T> look) {
        long start = System.nanoTime();
        while (true) {
            Exception failure = null;
            try {
                T seen = look.look();
                if (seen != null) {
                    return seen;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            } catch (Exception e) {
                failure = e;
            }
            if (System.nanoTime() - start > deadline.toNanos()) {
                throw new AssertionError(
                        "not seen within " + deadline.toMillis() + " ms: " + what, failure);
            }
            pause(LOOK_EVERY);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
