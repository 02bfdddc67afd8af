package io.mainstay.messaging.queue.state;

import java.util.concurrent.atomic.AtomicLong;

/// What the queues of a node take of the heap together: blocks of their indexes, and messages that were read from the disk before somebody has room for them. Counted
/// by block and by message that was read, never with each message. Thread-safe.
///
/// The more it is, the less each queue keeps: what a member has in its heap is no part of the state.
public final class QueueMemory {

    /// As if the heap had no end.
    static final QueueMemory UNBOUNDED = new QueueMemory(Long.MAX_VALUE / 4);

    private final long enough;
    private final AtomicLong used = new AtomicLong();

    /// How much of the heap there is.
    public enum Level {
        /// Each queue may keep a few blocks.
        PLENTY,
        /// More is taken than was meant for all of them: each keeps what came last.
        SHORT,
        /// More than twice that: each keeps next to nothing.
        SCARCE
    }

    /// @param enough bytes that queues may take before they keep less
    public QueueMemory(long enough) {
        this.enough = enough;
    }

    public void add(long bytes) {
        used.addAndGet(bytes);
    }

    public Level level() {
        long present = used.get();
        if (present <= enough) {
            return Level.PLENTY;
        }
        return present <= 2 * enough ? Level.SHORT : Level.SCARCE;
    }

    /// Bytes that they take now.
    public long used() {
        return used.get();
    }
}
