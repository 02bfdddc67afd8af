package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.message.FieldTable;

import java.util.function.Supplier;

/// Everything goes everywhere.
record FanoutRoutes(Targets all) implements Routes {

    static final FanoutRoutes NONE = new FanoutRoutes(Targets.NONE);

    @Override
    public FanoutRoutes with(BindingView binding, long number, Target target) {
        return new FanoutRoutes(all.with(target));
    }

    @Override
    public FanoutRoutes without(BindingView binding, Target target) {
        return new FanoutRoutes(all.without(target));
    }

    @Override
    public Targets known(String routingKey) {
        return all;
    }

    @Override
    public void route(String routingKey, Supplier<FieldTable> headers, Reached reached) {
        reached.targets(all);
    }
}
