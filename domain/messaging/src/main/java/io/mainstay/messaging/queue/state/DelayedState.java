package io.mainstay.messaging.queue.state;

import io.mainstay.kernel.group.StateMachine.BodySink;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/// What waits at one delayed exchange, in the order of its time. Written by [QueueMachine]; the dispatcher reads it on the same thread.
///
/// What came last is in a table in the heap. A full table becomes a run of level 0; the first two runs of a level are merged into one run of the next: their
/// messages are moved, the earliest first, two with each message that comes, so no message waits for a long merge. A run's blocks are in the
/// [BlockStore]. So heap is some blocks for each run and 100 bytes for each block, whatever waits; and a message is written once for each level.
///
/// Invariant: a message is in the table or in exactly one run.
public final class DelayedState {

    /// @param table messages in the table
    /// @param block messages in a block
    record Shape(int table, int block) {
        /// A block is as large as those of queues.
        static final Shape NORMAL = new Shape(16_384, 4_096 / PendingRun.LONGS);
    }

    /// Messages that a merge moves with each that comes: so a level is merged before the next two runs of it are there.
    private static final int MOVES = 2;

    final long id;
    private final Shape shape;
    private final BlockStore store;
    private final LargeBodies large;
    final TreeSet<Pending> table = new TreeSet<>();
    final List<Level> levels = new ArrayList<>();
    private long messages;
    private long bytes;

    /// As [QueueState#duplicates].
    long duplicates;

    /// Bytes that messages have in the group's bodies, without the pieces of large ones.
    private long stored;

    /// Messages with a large body.
    private long largeMessages;

    /// Runs of about the same length.
    static final class Level {
        final List<PendingRun> runs = new ArrayList<>();

        /// What the first two runs of the level below are being merged into; it holds messages that are earlier than those that are left there.
        @Nullable PendingRun incoming;
    }

    DelayedState(long id, Shape shape, BlockStore store, LargeBodies large) {
        this.id = id;
        this.shape = shape;
        this.store = store;
        this.large = large;
    }

    public long id() {
        return id;
    }

    /// Messages that wait.
    public long messages() {
        return messages;
    }

    /// Body bytes of what waits.
    public long bytes() {
        return bytes;
    }

    /// As [QueueState#duplicates()].
    public long duplicates() {
        return duplicates;
    }

    void add(Pending message) {
        table.add(message);
        count(message, 1);
        merge();
        if (table.size() == shape.table) {
            PendingRun run = newRun();
            for (Pending each : table) {
                run.add(each.dueMs(), each.address(), sizes(each));
            }
            run.end();
            table.clear();
            level(0).runs.add(run);
        }
    }

    static long sizes(Pending message) {
        return (long) message.bytes() << 32 | message.bodyBytes();
    }

    private void count(Pending message, int sign) {
        messages += sign;
        bytes += (long) sign * message.bodyBytes();
        stored += (long) sign * message.bytes();
        largeMessages += message.isLarge() ? sign : 0;
    }

    PendingRun newRun() {
        return new PendingRun(store, shape.block);
    }

    Level level(int number) {
        while (levels.size() <= number) {
            levels.add(new Level());
        }
        return levels.get(number);
    }

    private void merge() {
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            if (i + 1 == levels.size() || levels.get(i + 1).incoming == null) {
                level.runs.removeIf(PendingRun::isEmpty);
                if (level.runs.size() < 2) {
                    continue;
                }
            }
            Level next = level(i + 1);
            PendingRun into = next.incoming;
            if (into == null) {
                into = newRun();
                next.incoming = into;
            }
            PendingRun one = level.runs.get(0);
            PendingRun other = level.runs.get(1);
            boolean more = true;
            for (int moves = 0; moves < MOVES && more; moves++) {
                more = PendingRun.moveFirst(one, other, into);
            }
            if (!more) {
                into.end();
                level.runs.subList(0, 2).clear();
                next.runs.add(into);
                next.incoming = null;
            }
        }
    }

    /// The message is done with. False if it is not here.
    boolean settle(long dueMs, long address) {
        Pending key = new Pending(dueMs, address, 0, 0);
        Pending found = table.ceiling(key);
        if (found != null && found.compareTo(key) == 0) {
            table.remove(found);
        } else {
            found = takeFromRuns(dueMs, address);
        }
        if (found == null) {
            return false;
        }
        count(found, -1);
        if (found.isLarge()) {
            large.release(address);
        }
        return true;
    }

    private @Nullable Pending takeFromRuns(long dueMs, long address) {
        for (PendingRun run : runs()) {
            Pending found = run.take(dueMs, address);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private List<PendingRun> runs() {
        List<PendingRun> all = new ArrayList<>();
        for (Level level : levels) {
            if (level.incoming != null) {
                all.add(level.incoming);
            }
            all.addAll(level.runs);
        }
        return all;
    }

    /// Shows what waits, in order, until `visitor` has enough. Nothing may change meanwhile.
    public void forEach(Predicate<Pending> visitor) {
        List<PendingRun.Cursor> cursors = new ArrayList<>();
        for (PendingRun run : runs()) {
            cursors.add(run.cursor());
        }
        var inTable = table.iterator();
        Pending tabled = inTable.hasNext() ? inTable.next() : null;
        while (true) {
            Pending first = tabled;
            PendingRun.Cursor at = null;
            for (PendingRun.Cursor cursor : cursors) {
                Pending here = cursor.here();
                if (here != null && (first == null || here.compareTo(first) < 0)) {
                    first = here;
                    at = cursor;
                }
            }
            if (first == null || !visitor.test(first)) {
                return;
            }
            if (at != null) {
                at.forward();
            } else {
                tabled = inTable.hasNext() ? inTable.next() : null;
            }
        }
    }

    /// The lowest address of what waits.
    long lowestAddress() {
        long lowest = Long.MAX_VALUE;
        for (Pending each : table) {
            lowest = Math.min(lowest, each.address());
        }
        for (PendingRun run : runs()) {
            lowest = Math.min(lowest, run.lowestAddress());
        }
        return lowest;
    }

    /// Names the bodies of what waits. Messages lie in the order of their times, so each block is looked at that has a low enough address.
    void bodies(long from, long to, BodySink sink) {
        for (Pending each : table) {
            if (each.address() >= from && each.address() < to) {
                sink.body(each.address(), each.bytes());
            }
        }
        runs().forEach(run -> run.bodies(from, to, sink));
    }

    /// Bytes that messages have in the group's bodies, without the pieces of large ones.
    long stored() {
        return stored;
    }

    /// The exchange is gone with everything that waits at it.
    void drop() {
        if (largeMessages > 0) {
            forEach(
                    each -> {
                        if (each.isLarge()) {
                            large.release(each.address());
                        }
                        return true;
                    });
        }
        runs().forEach(PendingRun::dropAll);
    }

    void handles(LongConsumer each) {
        runs().forEach(run -> run.handles(each));
    }

    /// After a restore: what is in the table and the runs is what waits.
    void recount(long messages, long bytes, long stored, long largeMessages) {
        this.messages = messages;
        this.bytes = bytes;
        this.stored = stored;
        this.largeMessages = largeMessages;
    }

    long largeMessages() {
        return largeMessages;
    }

    int blockMessages() {
        return shape.block;
    }
}
