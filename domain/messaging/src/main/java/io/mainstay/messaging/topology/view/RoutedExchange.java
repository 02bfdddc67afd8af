package io.mainstay.messaging.topology.view;

import io.mainstay.common.Check;
import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;

/// An exchange with the bindings that leave it. Immutable.
///
/// @param bindings with their numbers, which grow in the order of declaration
public record RoutedExchange(
        ExchangeView view, Routes routes, PersistentMap<BindingView, Long> bindings) {

    public static RoutedExchange of(ExchangeView view) {
        return new RoutedExchange(view, Routes.of(view), PersistentMap.empty());
    }

    /// The same exchange with other properties that do not change how its bindings are chosen.
    public RoutedExchange withView(ExchangeView other) {
        return new RoutedExchange(other, routes, bindings);
    }

    public RoutedExchange with(BindingView binding, long number, Target target) {
        return new RoutedExchange(
                view, routes.with(binding, number, target), bindings.with(binding, number));
    }

    public RoutedExchange without(BindingView binding, Target target) {
        return new RoutedExchange(view, routes.without(binding, target), bindings.without(binding));
    }

    /// The same bindings where one leads to another moment of the same queue.
    public RoutedExchange retargeted(BindingView binding, Target before, Target after) {
        long number = Check.present(bindings.get(binding), "no binding %s", binding);
        return new RoutedExchange(
                view, routes.without(binding, before).with(binding, number, after), bindings);
    }
}
