package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One virtual host at one moment. Immutable. The default exchange has the empty name and is among the exchanges.
public interface VhostView {

    String name();

    String description();

    /// Another number for each virtual host that was ever made, also of the same name; 0 for what is there from the start or was made by a build that kept no
    /// number.
    long incarnation();

    @Nullable ExchangeView exchange(String name);

    @Nullable QueueView queue(String name);

    /// Sorted by name.
    Collection<ExchangeView> exchanges();

    /// Sorted by name.
    Collection<QueueView> queues();

    /// Where messages wait at delayed exchanges, in no order; not among [#queues].
    Collection<QueueView> delayQueues();

    /// Tells which queues, those of delayed exchanges among them, are otherwise than in an earlier view of this virtual host, in time that grows with the changes
    /// and not with the queues. One that is the same may be told as gone and as come.
    void queuesSince(VhostView before, Consumer<QueueView> gone, Consumer<QueueView> come);

    /// All bindings, the implicit ones of the default exchange not among them.
    List<BindingView> bindings();

    /// Those that leave the exchange.
    List<BindingView> bindingsFrom(String exchange);

    /// Those that lead to the queue or exchange.
    List<BindingView> bindingsTo(String destination, boolean toExchange);

    List<PolicyView> policies();

    /// Those that were set, in the order of the enum; below 0: no limit.
    Map<VhostLimit, Long> limits();

    /// How many there may be; [Long#MAX_VALUE] without a limit.
    default long most(VhostLimit limit) {
        long set = limits().getOrDefault(limit, -1L);
        return set < 0 ? Long.MAX_VALUE : set;
    }

    /// Collects the queues that a message reaches, each once, over bindings of exchanges and alternate exchanges. At a delayed exchange a message with a
    /// header `x-delay` above 0 reaches the exchange's own queue and nothing behind it. Never throws for what a client sent.
    ///
    /// @param exchange must exist
    /// @param headers of the message, asked only if an exchange on the way looks at them; a [RoutedMessage] is asked for properties too
    /// @param into receives the queues that are not in it yet; not cleared
    void route(
            ExchangeView exchange,
            String routingKey,
            Supplier<FieldTable> headers,
            Collection<QueueView> into);

    /// As above for a message with several routing keys, such as CC and BCC add: each exchange on the way looks at all of them, and its alternate takes
    /// what none of them routes.
    void route(
            ExchangeView exchange,
            List<String> routingKeys,
            Supplier<FieldTable> headers,
            Collection<QueueView> into);
}
