package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.view.Target.ToExchange;
import io.mainstay.messaging.topology.view.Target.ToQueue;

import org.agrona.collections.LongHashSet;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;

/// The way of one message over exchanges, each visited once: so loops end.
final class RouteWalk implements Reached {

    private final PersistentMap<String, RoutedExchange> exchanges;
    private final Collection<QueueView> into;
    private final LongHashSet queues = new LongHashSet();
    private final Set<String> visited = new HashSet<>();
    private final Queue<RoutedExchange> toVisit = new ArrayDeque<>();
    private boolean matched;

    RouteWalk(PersistentMap<String, RoutedExchange> exchanges, Collection<QueueView> into) {
        this.exchanges = exchanges;
        this.into = into;
        into.forEach(queue -> queues.add(queue.id()));
    }

    void from(RoutedExchange start, String routingKey, Supplier<FieldTable> headers) {
        visited.add(start.view().name());
        toVisit.add(start);
        for (RoutedExchange next = toVisit.poll(); next != null; next = toVisit.poll()) {
            matched = false;
            next.routes().route(routingKey, headers, this);
            String alternate = next.view().alternate();
            if (!matched && !alternate.isEmpty()) {
                exchange(alternate);
            }
        }
    }

    @Override
    public void target(Target target) {
        switch (target) {
            case ToQueue(QueueView queue) -> queue(queue);
            case ToExchange(String name) -> exchange(name);
        }
    }

    @Override
    public void targets(Targets targets) {
        Targets.Flat flat = targets.flat();
        for (QueueView queue : flat.queues) {
            queue(queue);
        }
        for (String exchange : flat.exchanges) {
            exchange(exchange);
        }
    }

    private void queue(QueueView queue) {
        matched = true;
        if (queues.add(queue.id())) {
            into.add(queue);
        }
    }

    private void exchange(String name) {
        matched = true;
        if (visited.add(name)) {
            RoutedExchange exchange = exchanges.get(name);
            if (exchange != null) {
                toVisit.add(exchange);
            }
        }
    }
}
