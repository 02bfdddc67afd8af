package io.mainstay.messaging.queue.dispatch;

import java.util.Map;
import java.util.TreeMap;

/// Numbers in order, as ranges that do not touch each other: what follows each other takes no more than one of them, however much comes back at once.
final class NumberRanges {

    /// No number.
    static final long NONE = -1;

    /// First to last.
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /// The lowest one.
    long first() {
        return ranges.firstKey();
    }

    boolean contains(long number) {
        Map.Entry<Long, Long> range = ranges.floorEntry(number);
        return range != null && range.getValue() >= number;
    }

    /// The lowest one from `number` on, or [#NONE].
    long next(long number) {
        if (contains(number)) {
            return number;
        }
        Long next = ranges.higherKey(number);
        return next == null ? NONE : next;
    }

    /// @return false if it was there
    boolean add(long number) {
        Map.Entry<Long, Long> before = ranges.floorEntry(number);
        if (before != null && before.getValue() >= number) {
            return false;
        }
        Long after = ranges.remove(number + 1);
        long last = after == null ? number : after;
        long first = number;
        if (before != null && before.getValue() == number - 1) {
            first = before.getKey();
        }
        ranges.put(first, last);
        return true;
    }

    /// @return whether it was there
    boolean remove(long number) {
        Map.Entry<Long, Long> range = ranges.floorEntry(number);
        if (range == null || range.getValue() < number) {
            return false;
        }
        if (range.getKey() == number) {
            ranges.remove(number);
        } else {
            ranges.put(range.getKey(), number - 1);
        }
        if (range.getValue() > number) {
            ranges.put(number + 1, range.getValue());
        }
        return true;
    }
}
