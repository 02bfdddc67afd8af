package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/// Bindings whose arguments fit the headers of a message. Each is looked at for each message.
final class HeaderRoutes implements Routes {

    static final HeaderRoutes NONE = new HeaderRoutes(PersistentMap.empty());

    private final PersistentMap<BindingView, Wanted> byBinding;

    // As in Targets: written by any reader, always with the same content.
    private @Nullable List<Wanted> all;

    private HeaderRoutes(PersistentMap<BindingView, Wanted> byBinding) {
        this.byBinding = byBinding;
    }

    @Override
    public HeaderRoutes with(BindingView binding, long number, Target target) {
        Wanted wanted = new Wanted(HeaderMatch.of(binding.arguments()), target);
        return new HeaderRoutes(byBinding.with(binding, wanted));
    }

    @Override
    public HeaderRoutes without(BindingView binding, Target target) {
        return new HeaderRoutes(byBinding.without(binding));
    }

    @Override
    public void route(String routingKey, Supplier<FieldTable> headers, Reached reached) {
        List<Wanted> wanted = all;
        if (wanted == null) {
            wanted = List.copyOf(byBinding.values());
            all = wanted;
        }
        if (!wanted.isEmpty()) {
            FieldTable table = headers.get();
            for (Wanted each : wanted) {
                if (each.match.matches(table)) {
                    reached.target(each.target);
                }
            }
        }
    }

    private record Wanted(HeaderMatch match, Target target) {}
}
