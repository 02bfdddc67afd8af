package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.topology.view.Target.ToExchange;
import io.mainstay.messaging.topology.view.Target.ToQueue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The different destinations of some bindings, each with the number of bindings that lead to it. Immutable; a change copies little, and the first
/// message afterwards lays the destinations out in arrays (once per change, in the time that it takes to look at each).
final class Targets {

    static final Targets NONE = new Targets(PersistentMap.empty());

    private final PersistentMap<Object, Counted> counted;

    // Written by any reader: the same content each time, safe to publish as all its fields are
    // final.
    private @Nullable Flat flat;

    private Targets(PersistentMap<Object, Counted> counted) {
        this.counted = counted;
    }

    boolean isEmpty() {
        return counted.isEmpty();
    }

    Targets with(Target target) {
        Counted before = counted.get(target.key());
        int bindings = before == null ? 1 : before.bindings + 1;
        return new Targets(counted.with(target.key(), new Counted(target, bindings)));
    }

    Targets without(Target target) {
        Counted before = counted.get(target.key());
        if (before == null) {
            return this;
        }
        return new Targets(
                before.bindings == 1
                        ? counted.without(target.key())
                        : counted.with(
                                target.key(), new Counted(before.target, before.bindings - 1)));
    }

    Flat flat() {
        Flat known = flat;
        if (known == null) {
            known = Flat.of(counted.values());
            flat = known;
        }
        return known;
    }

    private record Counted(Target target, int bindings) {}

    static final class Flat {
        final QueueView[] queues;
        final String[] exchanges;

        private Flat(List<QueueView> queues, List<String> exchanges) {
            this.queues = queues.toArray(QueueView[]::new);
            this.exchanges = exchanges.toArray(String[]::new);
        }

        private static Flat of(List<Counted> counted) {
            List<QueueView> queues = new ArrayList<>(counted.size());
            List<String> exchanges = new ArrayList<>();
            for (Counted each : counted) {
                switch (each.target) {
                    case ToQueue(QueueView queue) -> queues.add(queue);
                    case ToExchange(String name) -> exchanges.add(name);
                }
            }
            return new Flat(queues, exchanges);
        }
    }
}
