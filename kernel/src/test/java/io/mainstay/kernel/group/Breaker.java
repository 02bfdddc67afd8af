package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

/// Makes one part of a group throw once.
final class Breaker {

    enum Part {
        APPLY,
        PUBLISH,
        SNAPSHOT,
        RESTORE,
        APPEND,
        APPENDED,
        READ
    }

    private final Runnable told;
    private volatile @Nullable Part armed;

    /// @param told each time when something was made to throw
    Breaker(Runnable told) {
        this.told = told;
    }

    void arm(Part part) {
        armed = part;
    }

    void disarm() {
        armed = null;
    }

    void pass(Part part) {
        if (armed == part) {
            armed = null;
            told.run();
            throw new InjectedFault(part + " fails once");
        }
    }
}
