package io.mainstay.messaging.topology.state;

import io.mainstay.common.Check;
import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.topology.view.Destination;
import io.mainstay.messaging.topology.view.PersistentMap;
import io.mainstay.messaging.topology.view.PublishedVhost;
import io.mainstay.messaging.topology.view.RoutedExchange;
import io.mainstay.messaging.topology.view.Target;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;

/// One virtual host: exchanges, queues, the bindings between them, policies. Here it is only kept consistent: a binding has two ends, is known at both, and
/// an auto-delete exchange goes with the last binding that leaves it. Whether a change may be made has been asked before.
///
/// Its maps are persistent, so a view is a copy of references and a change copies what it touches (some dozen nodes), whatever else there is.
final class VhostState {

    private final String name;
    private final QueueIndex index;
    private final VhostPolicies policies = new VhostPolicies();
    private final EnumMap<VhostLimit, Long> limits = new EnumMap<>(VhostLimit.class);
    private String description;
    private long incarnation;
    private PersistentMap<String, RoutedExchange> exchanges = PersistentMap.empty();
    private PersistentMap<String, QueueView> queues = PersistentMap.empty();
    private PersistentMap<String, QueueView> delayQueues = PersistentMap.empty();
    private PersistentMap<Destination, PersistentMap<BindingView, Long>> incoming =
            PersistentMap.empty();
    private int bindings;
    private long lastBindingNumber;

    VhostState(String name, String description, QueueIndex index) {
        this.name = name;
        this.description = description;
        this.index = index;
    }

    String name() {
        return name;
    }

    String description() {
        return description;
    }

    /// See [io.mainstay.messaging.api.VhostView#incarnation].
    long incarnation() {
        return incarnation;
    }

    void incarnation(long number) {
        incarnation = number;
    }

    void describe(String text) {
        description = text;
    }

    VhostPolicies policies() {
        return policies;
    }

    EnumMap<VhostLimit, Long> limits() {
        return limits;
    }

    PersistentMap<String, RoutedExchange> exchanges() {
        return exchanges;
    }

    PersistentMap<String, QueueView> queues() {
        return queues;
    }

    int bindings() {
        return bindings;
    }

    long lastBindingNumber() {
        return lastBindingNumber;
    }

    void lastBindingNumber(long number) {
        lastBindingNumber = number;
    }

    @Nullable ExchangeView exchange(String exchange) {
        RoutedExchange found = exchanges.get(exchange);
        return found == null ? null : found.view();
    }

    @Nullable QueueView queue(String queue) {
        return queues.get(queue);
    }

    boolean hasBindingsFrom(String exchange) {
        return !routed(exchange).bindings().isEmpty();
    }

    boolean hasBinding(BindingView binding) {
        RoutedExchange source = exchanges.get(binding.source());
        return source != null && source.bindings().get(binding) != null;
    }

    void add(ExchangeView exchange) {
        ExchangeView inEffect = policies.applied(exchange);
        exchanges = exchanges.with(exchange.name(), RoutedExchange.of(inEffect));
        QueueView delayQueue = exchange.delayQueue();
        if (delayQueue != null) {
            delayQueues = delayQueues.with(exchange.name(), delayQueue);
        }
    }

    QueueView add(QueueView queue) {
        QueueView inEffect = policies.applied(queue);
        queues = queues.with(queue.name(), inEffect);
        index.put(inEffect);
        return inEffect;
    }

    /// @param binding whose ends are there, and which is not
    void add(BindingView binding) {
        add(binding, ++lastBindingNumber);
    }

    void add(BindingView binding, long number) {
        Target target = target(binding);
        exchanges =
                exchanges.with(
                        binding.source(), routed(binding.source()).with(binding, number, target));
        Destination destination = destination(binding);
        incoming = incoming.with(destination, bindingsTo(destination).with(binding, number));
        bindings++;
    }

    void remove(BindingView binding) {
        Deque<String> empty = new ArrayDeque<>();
        detach(binding, empty);
        removeEmpty(empty);
    }

    void remove(QueueView queue) {
        Deque<String> empty = new ArrayDeque<>();
        bindingsTo(new Destination(queue.name(), false))
                .keys()
                .forEach(binding -> detach(binding, empty));
        queues = queues.without(queue.name());
        index.remove(queue);
        removeEmpty(empty);
    }

    void remove(ExchangeView exchange) {
        Deque<String> empty = new ArrayDeque<>();
        removeExchange(exchange.name(), empty);
        removeEmpty(empty);
    }

    /// By a list and not by calls within calls: chains of exchanges may be long.
    private void removeEmpty(Deque<String> empty) {
        for (String exchange = empty.poll(); exchange != null; exchange = empty.poll()) {
            if (exchanges.get(exchange) != null) {
                removeExchange(exchange, empty);
            }
        }
    }

    private void removeExchange(String exchange, Deque<String> empty) {
        bindingsTo(new Destination(exchange, true))
                .keys()
                .forEach(binding -> detach(binding, empty));
        routed(exchange).bindings().keys().forEach(binding -> detach(binding, new ArrayDeque<>()));
        exchanges = exchanges.without(exchange);
        delayQueues = delayQueues.without(exchange);
    }

    private void detach(BindingView binding, Deque<String> empty) {
        RoutedExchange rest = routed(binding.source()).without(binding, target(binding));
        exchanges = exchanges.with(binding.source(), rest);
        Destination destination = destination(binding);
        PersistentMap<BindingView, Long> others = bindingsTo(destination).without(binding);
        incoming =
                others.isEmpty()
                        ? incoming.without(destination)
                        : incoming.with(destination, others);
        bindings--;
        if (rest.view().autoDelete() && rest.bindings().isEmpty()) {
            empty.add(binding.source());
        }
    }

    /// Policies have changed: every queue and exchange is looked at, and what is another thing now is replaced, in routes too.
    void applyPolicies() {
        for (RoutedExchange exchange : exchanges.values()) {
            ExchangeView inEffect = policies.applied(exchange.view());
            if (!inEffect.equals(exchange.view())) {
                exchanges = exchanges.with(inEffect.name(), exchange.withView(inEffect));
            }
        }
        for (QueueView queue : queues.values()) {
            QueueView inEffect = policies.applied(queue);
            if (!inEffect.equals(queue)) {
                replace(queue, inEffect);
            }
        }
    }

    private void replace(QueueView before, QueueView after) {
        queues = queues.with(after.name(), after);
        index.put(after);
        for (BindingView binding : bindingsTo(new Destination(after.name(), false)).keys()) {
            RoutedExchange source =
                    routed(binding.source())
                            .retargeted(
                                    binding, new Target.ToQueue(before), new Target.ToQueue(after));
            exchanges = exchanges.with(binding.source(), source);
        }
    }

    PublishedVhost view() {
        List<PolicyView> all = new ArrayList<>(policies.users());
        all.addAll(policies.operators());
        return new PublishedVhost(
                name,
                description,
                incarnation,
                exchanges,
                queues,
                delayQueues,
                incoming,
                all,
                new EnumMap<>(limits));
    }

    private RoutedExchange routed(String exchange) {
        return Check.present(exchanges.get(exchange), "no exchange '%s'", exchange);
    }

    private PersistentMap<BindingView, Long> bindingsTo(Destination destination) {
        PersistentMap<BindingView, Long> found = incoming.get(destination);
        return found == null ? PersistentMap.empty() : found;
    }

    private Target target(BindingView binding) {
        return binding.toExchange()
                ? new Target.ToExchange(binding.destination())
                : new Target.ToQueue(
                        Check.present(
                                queues.get(binding.destination()),
                                "no queue '%s'",
                                binding.destination()));
    }

    private static Destination destination(BindingView binding) {
        return new Destination(binding.destination(), binding.toExchange());
    }
}
