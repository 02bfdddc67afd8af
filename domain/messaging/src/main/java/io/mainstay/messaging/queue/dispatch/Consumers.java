package io.mainstay.messaging.queue.dispatch;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The consumers of a queue in the order in which they are served: higher priority first, among equals in turn.
final class Consumers {

    private final List<Consuming> all = new ArrayList<>();

    /// In the order in which they came, for a queue with a single active consumer.
    private final List<Consuming> arrivals = new ArrayList<>();

    /// Who was served alone last.
    private @Nullable Consuming single;

    void add(Consuming consumer) {
        int at = all.size();
        while (at > 0 && all.get(at - 1).spec.priority() < consumer.spec.priority()) {
            at--;
        }
        all.add(at, consumer);
        arrivals.add(consumer);
    }

    boolean remove(Consuming consumer) {
        if (single == consumer) {
            single = null;
        }
        arrivals.remove(consumer);
        return all.remove(consumer);
    }

    int size() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    boolean anyExclusive() {
        return all.stream().anyMatch(consumer -> consumer.spec.exclusive());
    }

    List<Consuming> copy() {
        return List.copyOf(arrivals);
    }

    /// The one who is served alone: the first of the highest priority that came, as soon as the one before has nothing in hand; `null` until then.
    private @Nullable Consuming active() {
        Consuming next = mostUrgent();
        if (single != next && single != null && single.inHand > 0) {
            single.waitForRoom();
            return null;
        }
        single = next;
        return next;
    }

    private @Nullable Consuming mostUrgent() {
        Consuming found = null;
        for (Consuming consumer : arrivals) {
            if (found == null || consumer.spec.priority() > found.spec.priority()) {
                found = consumer;
            }
        }
        return found;
    }

    /// Takes room for a delivery at the next consumer that has some; `null` if nobody has.
    @Nullable Consuming takeRoom(int bytes, boolean single) {
        if (single) {
            Consuming active = active();
            return active != null && active.takeRoom(bytes) ? active : null;
        }
        for (int i = 0; i < all.size(); i++) {
            Consuming consumer = all.get(i);
            if (consumer.takeRoom(bytes)) {
                moveBehindEquals(i);
                return consumer;
            }
        }
        return null;
    }

    private void moveBehindEquals(int at) {
        int last = at;
        int priority = all.get(at).spec.priority();
        while (last + 1 < all.size() && all.get(last + 1).spec.priority() == priority) {
            last++;
        }
        if (last > at) {
            all.add(last, all.remove(at));
        }
    }
}
