package io.mainstay.messaging.queue.dispatch;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// The consumers of a queue in the order in which they are served: higher priority first, among equals the one that was served longest ago.
///
/// One that has no room is not asked again before [#roomAgain]: however many wait for room, a delivery looks at few of them.
final class Consumers {

    private static final Comparator<Consuming> BY_PRIORITY =
            Comparator.comparingInt((Consuming consumer) -> consumer.spec.priority()).reversed();

    /// Of each priority in the order in which they came.
    private final TreeSet<Consuming> all =
            new TreeSet<>(BY_PRIORITY.thenComparingLong(consumer -> consumer.arrival));

    /// Those that may have room, of each priority the one that was served longest ago first.
    private final TreeSet<Consuming> next =
            new TreeSet<>(BY_PRIORITY.thenComparingLong(consumer -> consumer.turn));

    private long turns;
    private int exclusive;

    /// Who was served alone last.
    private @Nullable Consuming single;

    void add(Consuming consumer) {
        turns++;
        consumer.arrival = turns;
        consumer.turn = turns;
        all.add(consumer);
        next.add(consumer);
        exclusive += consumer.spec.exclusive() ? 1 : 0;
    }

    boolean remove(Consuming consumer) {
        if (single == consumer) {
            single = null;
        }
        if (!all.remove(consumer)) {
            return false;
        }
        next.remove(consumer);
        exclusive -= consumer.spec.exclusive() ? 1 : 0;
        return true;
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    boolean anyExclusive() {
        return exclusive > 0;
    }

    List<Consuming> copy() {
        return List.copyOf(all);
    }

    /// The one who is served alone: the first of the highest priority that came, as soon as the one before has nothing in hand; `null` until then.
    private @Nullable Consuming active() {
        Consuming first = all.isEmpty() ? null : all.first();
        if (single != first && single != null && single.inHand > 0) {
            single.waitForRoom();
            return null;
        }
        single = first;
        return first;
    }

    /// Takes room for a delivery at the next consumer that has some; `null` if nobody has.
    @Nullable Consuming takeRoom(int bytes, boolean single) {
        if (single) {
            Consuming active = active();
            return active != null && active.takeRoom(bytes) ? active : null;
        }
        while (!next.isEmpty()) {
            Consuming consumer = next.first();
            if (consumer.takeRoom(bytes)) {
                served(consumer);
                return consumer;
            }
            setAside(consumer);
        }
        return null;
    }

    /// Whether somebody would take a message; takes nothing. Those who have no room ask again when they have some.
    boolean hasRoom(boolean single) {
        if (single) {
            Consuming active = active();
            return active != null && active.hasRoom();
        }
        while (!next.isEmpty()) {
            if (next.first().hasRoom()) {
                return true;
            }
            setAside(next.first());
        }
        return false;
    }

    private void setAside(Consuming consumer) {
        next.remove(consumer);
        consumer.full = true;
    }

    private void served(Consuming consumer) {
        if (next.size() == 1) {
            consumer.turn = ++turns;
        } else {
            next.remove(consumer);
            consumer.turn = ++turns;
            next.add(consumer);
        }
    }

    /// It settled something, or its window opened.
    void roomAgain(Consuming consumer) {
        if (consumer.full) {
            consumer.full = false;
            if (all.contains(consumer)) {
                next.add(consumer);
            }
        }
    }
}
