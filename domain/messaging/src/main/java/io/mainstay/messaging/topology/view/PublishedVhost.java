package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One virtual host at one moment.
///
/// Made in constant time: its maps are those of the state machine, which changes copies of them. Sorted lists are made for who asks for them first, once
/// for each moment (10,000 queues: some milliseconds), never for a message.
public final class PublishedVhost implements VhostView {

    private final String name;
    private final String description;
    private final long incarnation;
    private final PersistentMap<String, RoutedExchange> exchanges;
    private final PersistentMap<String, QueueView> queues;
    private final PersistentMap<String, QueueView> delayQueues;
    private final PersistentMap<Destination, PersistentMap<BindingView, Long>> incoming;
    private final List<PolicyView> policies;
    private final Map<VhostLimit, Long> limits;

    // Written by any reader, always with the same immutable list.
    private @Nullable List<ExchangeView> sortedExchanges;
    private @Nullable List<QueueView> sortedQueues;
    private @Nullable List<BindingView> sortedBindings;

    /// @param limits a copy that nobody changes
    public PublishedVhost(
            String name,
            String description,
            long incarnation,
            PersistentMap<String, RoutedExchange> exchanges,
            PersistentMap<String, QueueView> queues,
            PersistentMap<String, QueueView> delayQueues,
            PersistentMap<Destination, PersistentMap<BindingView, Long>> incoming,
            List<PolicyView> policies,
            Map<VhostLimit, Long> limits) {
        this.name = name;
        this.description = description;
        this.incarnation = incarnation;
        this.exchanges = exchanges;
        this.queues = queues;
        this.delayQueues = delayQueues;
        this.incoming = incoming;
        this.policies = List.copyOf(policies);
        this.limits = Collections.unmodifiableMap(limits);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public @Nullable ExchangeView exchange(String exchange) {
        RoutedExchange found = exchanges.get(exchange);
        return found == null ? null : found.view();
    }

    @Override
    public @Nullable QueueView queue(String queue) {
        return queues.get(queue);
    }

    @Override
    public Collection<ExchangeView> exchanges() {
        List<ExchangeView> sorted = sortedExchanges;
        if (sorted == null) {
            sorted =
                    exchanges.values().stream()
                            .map(RoutedExchange::view)
                            .sorted(Comparator.comparing(ExchangeView::name))
                            .toList();
            sortedExchanges = sorted;
        }
        return sorted;
    }

    @Override
    public Collection<QueueView> queues() {
        List<QueueView> sorted = sortedQueues;
        if (sorted == null) {
            sorted =
                    queues.values().stream().sorted(Comparator.comparing(QueueView::name)).toList();
            sortedQueues = sorted;
        }
        return sorted;
    }

    @Override
    public Collection<QueueView> delayQueues() {
        return delayQueues.values();
    }

    @Override
    public void queuesSince(VhostView before, Consumer<QueueView> gone, Consumer<QueueView> come) {
        PublishedVhost earlier = (PublishedVhost) before;
        queues.differences(earlier.queues, gone, come);
        delayQueues.differences(earlier.delayQueues, gone, come);
    }

    /// By exchange, then in the order of declaration.
    @Override
    public List<BindingView> bindings() {
        List<BindingView> sorted = sortedBindings;
        if (sorted == null) {
            List<BindingView> all = new ArrayList<>();
            exchanges().forEach(exchange -> all.addAll(bindingsFrom(exchange.name())));
            sorted = List.copyOf(all);
            sortedBindings = sorted;
        }
        return sorted;
    }

    /// In the order of declaration.
    @Override
    public List<BindingView> bindingsFrom(String exchange) {
        RoutedExchange found = exchanges.get(exchange);
        return found == null ? List.of() : inOrder(found.bindings());
    }

    /// By exchange, then in the order of declaration.
    @Override
    public List<BindingView> bindingsTo(String destination, boolean toExchange) {
        var found = incoming.get(new Destination(destination, toExchange));
        return found == null
                ? List.of()
                : inOrder(found).stream()
                        .sorted(Comparator.comparing(BindingView::source))
                        .toList();
    }

    private static List<BindingView> inOrder(PersistentMap<BindingView, Long> bindings) {
        List<Map.Entry<BindingView, Long>> numbered = new ArrayList<>(bindings.size());
        bindings.forEach((binding, number) -> numbered.add(Map.entry(binding, number)));
        numbered.sort(Map.Entry.comparingByValue());
        return numbered.stream().map(Map.Entry::getKey).toList();
    }

    @Override
    public List<PolicyView> policies() {
        return policies;
    }

    @Override
    public Map<VhostLimit, Long> limits() {
        return limits;
    }

    @Override
    public void route(
            ExchangeView exchange,
            String routingKey,
            Supplier<FieldTable> headers,
            Collection<QueueView> into) {
        if (exchange.name().isEmpty()) {
            QueueView queue = queues.get(routingKey);
            if (queue != null) {
                addOnce(queue, into);
            }
            return;
        }
        RoutedExchange found = exchanges.get(exchange.name());
        if (found != null && !routeAtOnce(found, routingKey, into)) {
            new RouteWalk(exchanges, found, into).go(routingKey, headers);
        }
    }

    @Override
    public void route(
            ExchangeView exchange,
            List<String> routingKeys,
            Supplier<FieldTable> headers,
            Collection<QueueView> into) {
        RoutedExchange found = exchanges.get(exchange.name());
        if (exchange.name().isEmpty() || routingKeys.size() == 1) {
            for (String key : routingKeys) {
                route(exchange, key, headers, into);
            }
        } else if (found != null) {
            new RouteWalk(exchanges, found, into).go(routingKeys, headers);
        }
    }

    /// Where the queues are laid out beforehand and nothing else is on the way: no object is made.
    private static boolean routeAtOnce(
            RoutedExchange exchange, String routingKey, Collection<QueueView> into) {
        Targets targets = exchange.routes().known(routingKey);
        if (targets == null || exchange.view().delayed()) {
            return false;
        }
        Targets.Flat flat = targets.flat();
        boolean nothingElse =
                flat.exchanges.length == 0
                        && (flat.queues.length > 0 || exchange.view().alternate().isEmpty());
        // A list that is not empty is looked through for each queue; for many that is slower than a
        // set.
        if (!nothingElse || (!into.isEmpty() && flat.queues.length > 4)) {
            return false;
        }
        boolean first = into.isEmpty();
        for (QueueView queue : flat.queues) {
            if (first) {
                into.add(queue);
            } else {
                addOnce(queue, into);
            }
        }
        return true;
    }

    private static void addOnce(QueueView queue, Collection<QueueView> into) {
        // Most messages have one key: then no iterator is made.
        if (into.isEmpty() || !contains(into, queue.id())) {
            into.add(queue);
        }
    }

    static boolean contains(Collection<QueueView> queues, long id) {
        for (QueueView queue : queues) {
            if (queue.id() == id) {
                return true;
            }
        }
        return false;
    }
}
