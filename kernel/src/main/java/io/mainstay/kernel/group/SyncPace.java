package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Clock;

import java.util.concurrent.TimeUnit;

/// When the journal is synced: at once if anybody waits for it. What nobody waits for is synced after a while, so that a power cut takes little of it, and before
/// it is so much that somebody who comes then would wait for it. Driver thread only.
final class SyncPace {

    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MOST_BYTES = 4 << 20;

    private final Journal journal;
    private final Clock clock;

    /// What was written and not synced when the present wait began lies below `waitingUpTo`.
    private long waitingUpTo;

    private long waitingSince;

    SyncPace(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /// After the journal was flushed: the nanoseconds until a sync is due, 0 or less if it is; `Long.MAX_VALUE` if everything is synced.
    ///
    /// @param wanted somebody waits for it
    long turn(boolean wanted) {
        long end = journal.end();
        long synced = journal.synced();
        if (end <= synced) {
            return Long.MAX_VALUE;
        }
        if (wanted || end - synced >= MOST_BYTES) {
            return 0;
        }
        if (waitingUpTo <= synced) {
            waitingUpTo = end;
            waitingSince = clock.nanoTime();
        }
        return LONGEST_NANOS - (clock.nanoTime() - waitingSince);
    }
}
