package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.DelayHeader;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.view.Target.ToExchange;
import io.mainstay.messaging.topology.view.Target.ToQueue;

import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// The way of one message over exchanges, each visited once: so loops end. Most messages visit one exchange and reach few queues; what is needed for more is
/// made when there is more.
final class RouteWalk implements Reached {

    /// Queues that are looked through one by one.
    private static final int FEW = 8;

    private final PersistentMap<String, RoutedExchange> exchanges;
    private final RoutedExchange start;
    private final Collection<QueueView> into;
    private final List<RoutedExchange> toVisit = new ArrayList<>(1);

    /// Ids of what is in `into`, once there are many.
    private @Nullable LongHashSet queues;

    /// Names of exchanges that are visited or to be visited, once there is a second one.
    private @Nullable Set<String> known;

    private boolean matched;

    RouteWalk(
            PersistentMap<String, RoutedExchange> exchanges,
            RoutedExchange start,
            Collection<QueueView> into) {
        this.exchanges = exchanges;
        this.start = start;
        this.into = into;
    }

    void go(String routingKey, Supplier<FieldTable> headers) {
        go(List.of(routingKey), headers);
    }

    void go(List<String> routingKeys, Supplier<FieldTable> headers) {
        toVisit.add(start);
        for (int i = 0; i < toVisit.size(); i++) {
            RoutedExchange exchange = toVisit.get(i);
            QueueView delayQueue = exchange.view().delayQueue();
            if (delayQueue != null && DelayHeader.ms(headers.get()) > 0) {
                queue(delayQueue);
                continue;
            }
            matched = false;
            for (String key : routingKeys) {
                exchange.routes().route(key, headers, this);
            }
            String alternate = exchange.view().alternate();
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
        if (isNew(queue.id())) {
            into.add(queue);
        }
    }

    private boolean isNew(long id) {
        if (queues == null) {
            if (into.size() < FEW) {
                return into.isEmpty() || !PublishedVhost.contains(into, id);
            }
            LongHashSet all = new LongHashSet();
            into.forEach(queue -> all.add(queue.id()));
            queues = all;
        }
        return queues.add(id);
    }

    private void exchange(String name) {
        matched = true;
        if (known == null) {
            known = new HashSet<>();
            known.add(start.view().name());
        }
        if (known.add(name)) {
            RoutedExchange exchange = exchanges.get(name);
            if (exchange != null) {
                toVisit.add(exchange);
            }
        }
    }
}
