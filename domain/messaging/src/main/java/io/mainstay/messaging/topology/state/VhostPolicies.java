package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.topology.rules.EffectiveSettings;
import io.mainstay.messaging.topology.rules.Policies;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.TreeMap;

/// Policies and operator policies of one virtual host, by name, and what they make of its queues and exchanges.
///
/// What is in effect is derived and stands in no snapshot: members that compile patterns differently would still agree on the state.
final class VhostPolicies {

    private final TreeMap<String, PolicyView> users = new TreeMap<>();
    private final TreeMap<String, PolicyView> operators = new TreeMap<>();
    private Policies compiledUsers = Policies.NONE;
    private Policies compiledOperators = Policies.NONE;

    Collection<PolicyView> users() {
        return users.values();
    }

    Collection<PolicyView> operators() {
        return operators.values();
    }

    int count(boolean operator) {
        return of(operator).size();
    }

    @Nullable PolicyView find(String name, boolean operator) {
        return of(operator).get(name);
    }

    void put(PolicyView policy) {
        of(policy.operator()).put(policy.name(), policy);
        compile();
    }

    void remove(String name, boolean operator) {
        of(operator).remove(name);
        compile();
    }

    private TreeMap<String, PolicyView> of(boolean operator) {
        return operator ? operators : users;
    }

    private void compile() {
        compiledUsers = Policies.of(users.values());
        compiledOperators = Policies.of(operators.values());
    }

    /// The exchange as it is under these policies.
    ExchangeView applied(ExchangeView x) {
        PolicyView policy = compiledUsers.ofExchange(x.name());
        return new ExchangeView(
                x.vhost(),
                x.name(),
                x.type(),
                x.routing(),
                x.delayQueue(),
                x.durable(),
                x.autoDelete(),
                x.internal(),
                x.arguments(),
                EffectiveSettings.alternate(x.arguments(), policy),
                nameOf(policy));
    }

    /// The queue as it is under these policies.
    QueueView applied(QueueView q) {
        PolicyView policy = compiledUsers.ofQueue(q.name(), q.type());
        PolicyView operator = compiledOperators.ofQueue(q.name(), q.type());
        return new QueueView(
                q.id(),
                q.group(),
                q.vhost(),
                q.name(),
                q.type(),
                q.durable(),
                q.autoDelete(),
                q.owner(),
                q.arguments(),
                EffectiveSettings.of(q.type(), q.arguments(), policy, operator),
                nameOf(policy),
                nameOf(operator));
    }

    private static String nameOf(@Nullable PolicyView policy) {
        return policy == null ? "" : policy.name();
    }
}
