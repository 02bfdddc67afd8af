package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.TopologyChange.Bind;
import io.mainstay.messaging.api.TopologyChange.Unbind;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.topology.rules.BindingRules;
import io.mainstay.messaging.topology.rules.ExchangeRules;
import io.mainstay.messaging.topology.rules.Names;
import io.mainstay.messaging.topology.rules.PropertiesKey;
import io.mainstay.messaging.topology.rules.TopologyLimits;

/// What binding and unbinding does.
final class BindingChanges {

    private final TopologyState state;

    BindingChanges(TopologyState state) {
        this.state = state;
    }

    TopologyOutcome bind(Bind wish) {
        if (isDefault(wish.source(), wish.destination(), wish.toExchange())) {
            return ExchangeRules.defaultExchange();
        }
        VhostState vhost = state.vhost(wish.vhost());
        if (vhost == null) {
            return Answers.noVhost(wish.vhost());
        }
        ExchangeView source = vhost.exchange(wish.source());
        if (source == null) {
            return Answers.missing(Names.exchange(wish.vhost(), wish.source()));
        }
        if (wish.toExchange() && vhost.exchange(wish.destination()) == null) {
            return Answers.missing(Names.exchange(wish.vhost(), wish.destination()));
        }
        if (!wish.toExchange() && vhost.queue(wish.destination()) == null) {
            return Answers.missing(Names.queue(wish.vhost(), wish.destination()));
        }
        Refused refused = BindingRules.refusal(source.routing(), wish);
        if (refused != null) {
            return refused;
        }
        BindingView binding =
                new BindingView(
                        wish.vhost(),
                        wish.source(),
                        wish.destination(),
                        wish.toExchange(),
                        wish.routingKey(),
                        wish.arguments(),
                        PropertiesKey.of(wish.routingKey(), wish.arguments()));
        if (vhost.hasBinding(binding)) {
            return Done.UNCHANGED;
        }
        if (state.bindingCount() >= TopologyLimits.MAX_BINDINGS) {
            return Answers.full("a binding", "bindings", TopologyLimits.MAX_BINDINGS);
        }
        vhost.add(binding);
        return Done.CHANGED;
    }

    TopologyOutcome unbind(Unbind wish) {
        if (isDefault(wish.source(), wish.destination(), wish.toExchange())) {
            return ExchangeRules.defaultExchange();
        }
        VhostState vhost = state.vhost(wish.vhost());
        BindingView binding =
                new BindingView(
                        wish.vhost(),
                        wish.source(),
                        wish.destination(),
                        wish.toExchange(),
                        wish.routingKey(),
                        wish.arguments(),
                        PropertiesKey.of(wish.routingKey(), wish.arguments()));
        if (vhost == null || !vhost.hasBinding(binding)) {
            return Done.UNCHANGED;
        }
        vhost.remove(binding);
        return Done.CHANGED;
    }

    private static boolean isDefault(String source, String destination, boolean toExchange) {
        return source.isEmpty() || (toExchange && destination.isEmpty());
    }
}
