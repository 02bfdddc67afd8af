package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.message.FieldTable;

import java.util.function.Supplier;

/// Routing key equals binding key.
record DirectRoutes(PersistentMap<String, Targets> byKey) implements Routes {

    static final DirectRoutes NONE = new DirectRoutes(PersistentMap.empty());

    @Override
    public DirectRoutes with(BindingView binding, long number, Target target) {
        String key = binding.routingKey();
        return new DirectRoutes(byKey.with(key, known(key).with(target)));
    }

    @Override
    public DirectRoutes without(BindingView binding, Target target) {
        String key = binding.routingKey();
        Targets rest = known(key).without(target);
        return new DirectRoutes(rest.isEmpty() ? byKey.without(key) : byKey.with(key, rest));
    }

    @Override
    public Targets known(String routingKey) {
        Targets targets = byKey.get(routingKey);
        return targets == null ? Targets.NONE : targets;
    }

    @Override
    public void route(String routingKey, Supplier<FieldTable> headers, Reached reached) {
        reached.targets(known(routingKey));
    }
}
