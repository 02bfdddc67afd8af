package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.queue.command.Sequences;
import io.mainstay.messaging.queue.state.Lane;
import io.mainstay.messaging.queue.state.QueueState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Which messages of a queue can be delivered, in order: the most urgent lane first, in a lane what came back first (it was there before), then what was
/// never taken.
final class ReadyMessages {

    static final long NONE = -1;

    private final QueueState state;
    private final long sinceMs;

    /// By lane, the most urgent first.
    private final TreeMap<Integer, Cursor> cursors =
            new TreeMap<>(java.util.Comparator.reverseOrder());

    /// Of the lane that was asked about last: most queues have one.
    private @Nullable Cursor latest;

    private long count;
    private long bytes;

    private static final class Cursor {
        final Lane lane;
        final int number;

        /// What was there and reserved when this leader began: an earlier one may have delivered it.
        final long deliveredBefore;

        final NumberRanges returned = new NumberRanges();
        long next;
        long knownTail;

        /// What is below was there when consumers were last looked at.
        long offeredTail;

        Cursor(int number, Lane lane, long deliveredBefore) {
            this.number = number;
            this.lane = lane;
            this.deliveredBefore = deliveredBefore;
        }

        long peek() {
            if (!returned.isEmpty()) {
                return returned.first();
            }
            long n = lane.nextLive(next);
            return n < lane.tail() ? n : NONE;
        }
    }

    /// @param sinceMs what came before had its chance to be taken
    ReadyMessages(QueueState state, long sinceMs) {
        this.state = state;
        this.sinceMs = sinceMs;
    }

    /// At the beginning of a leadership nothing is in hand, and what is there is not new.
    void takenOver() {
        for (int number : state.laneNumbers()) {
            begin(number, true);
        }
    }

    private Cursor begin(int number, boolean old) {
        Lane lane = state.laneOf(Sequences.of(number, 0));
        Cursor cursor = new Cursor(number, lane, old ? Math.min(lane.reserved(), lane.tail()) : 0);
        cursors.put(number, cursor);
        if (old) {
            cursor.next = lane.floor();
            cursor.knownTail = lane.tail();
            cursor.offeredTail = offeredBefore(lane);
            count += lane.live();
            bytes += lane.bytes();
        } else {
            count += noteNew(cursor);
        }
        return cursor;
    }

    /// Most often all of it: then no more than the newest message is looked at.
    private long offeredBefore(Lane lane) {
        return lane.live() == 0 || lane.entry(lane.tail() - 1).timeMs() < sinceMs
                ? lane.tail()
                : lane.firstSince(sinceMs);
    }

    private long noteNew(Cursor cursor) {
        long from = Math.max(cursor.knownTail, cursor.lane.floor());
        long found = 0;
        for (long n = cursor.lane.nextLive(from);
                n < cursor.lane.tail();
                n = cursor.lane.nextLive(n + 1)) {
            found++;
            bytes += cursor.lane.bodyBytes(n);
        }
        cursor.knownTail = cursor.lane.tail();
        return found;
    }

    /// Takes in what was published since the last call.
    ///
    /// @return how many messages are new
    long refresh() {
        long before = count;
        for (int number : state.laneNumbers()) {
            Cursor cursor = cursors.get(number);
            if (cursor == null) {
                begin(number, false);
            } else if (cursor.knownTail < cursor.lane.tail()) {
                count += noteNew(cursor);
            }
        }
        return count - before;
    }

    long count() {
        return count;
    }

    /// Body bytes of what is ready.
    long bytes() {
        return bytes;
    }

    /// The next message to deliver, or [#NONE].
    long peek() {
        for (Cursor cursor : cursors.values()) {
            long n = cursor.peek();
            if (n != NONE) {
                return Sequences.of(cursor.number, n);
            }
        }
        return NONE;
    }

    /// The next message of each lane that has one.
    List<Long> heads() {
        List<Long> heads = new ArrayList<>();
        for (Cursor cursor : cursors.values()) {
            long n = cursor.peek();
            if (n != NONE) {
                heads.add(Sequences.of(cursor.number, n));
            }
        }
        return heads;
    }

    /// The next message of that lane, or [#NONE].
    long headOf(int lane) {
        Cursor cursor = cursors.get(lane);
        long n = cursor == null ? NONE : cursor.peek();
        return n == NONE ? NONE : Sequences.of(lane, n);
    }

    /// The oldest message of the least urgent lane, the first to be dropped; or [#NONE].
    long oldest() {
        for (Cursor cursor : cursors.descendingMap().values()) {
            long n = cursor.peek();
            if (n != NONE) {
                return Sequences.of(cursor.number, n);
            }
        }
        return NONE;
    }

    /// The next messages in order without taking them, at most `max` and about `maxBytes`.
    List<Long> upcoming(int max, long maxBytes) {
        List<Long> found = new ArrayList<>();
        long sum = 0;
        for (Cursor cursor : cursors.values()) {
            for (long n = cursor.returned.next(0);
                    n != NumberRanges.NONE;
                    n = cursor.returned.next(n + 1)) {
                if (found.size() == max || sum >= maxBytes) {
                    return found;
                }
                found.add(Sequences.of(cursor.number, n));
                sum += cursor.lane.bodyBytes(n);
            }
            for (long n = cursor.lane.nextLive(cursor.next);
                    n < cursor.lane.tail();
                    n = cursor.lane.nextLive(n + 1)) {
                if (found.size() == max || sum >= maxBytes) {
                    return found;
                }
                found.add(Sequences.of(cursor.number, n));
                sum += cursor.lane.bodyBytes(n);
            }
        }
        return found;
    }

    /// Takes a message that [#peek], [#heads] or [#oldest] gave.
    void take(long sequence) {
        Cursor cursor = cursorOf(sequence);
        long n = Sequences.number(sequence);
        if (cursor.returned.isEmpty() || !cursor.returned.remove(n)) {
            cursor.next = n + 1;
        }
        count--;
        bytes -= cursor.lane.bodyBytes(n);
    }

    /// Puts a message that was taken back to its place.
    void giveBack(long sequence) {
        Cursor cursor = cursorOf(sequence);
        long n = Sequences.number(sequence);
        if (cursor.returned.add(n)) {
            count++;
            bytes += cursor.lane.bodyBytes(n);
        }
    }

    /// Whether it may have been delivered before.
    boolean redelivered(long sequence) {
        Cursor cursor = cursorOf(sequence);
        long n = Sequences.number(sequence);
        return n < cursor.deliveredBefore
                || !cursor.returned.isEmpty() && cursor.returned.contains(n);
    }

    /// Whether consumers had a chance to take it.
    boolean offered(long sequence) {
        return Sequences.number(sequence) < cursorOf(sequence).offeredTail;
    }

    /// Consumers had a chance to take everything that is known.
    void offeredAll() {
        for (Cursor cursor : cursors.values()) {
            cursor.offeredTail = cursor.knownTail;
        }
    }

    private Cursor cursorOf(long sequence) {
        int lane = Sequences.lane(sequence);
        Cursor cursor = latest;
        if (cursor == null || cursor.number != lane) {
            cursor = cursors.get(lane);
            if (cursor == null) {
                cursor = begin(lane, false);
            }
            latest = cursor;
        }
        return cursor;
    }
}
