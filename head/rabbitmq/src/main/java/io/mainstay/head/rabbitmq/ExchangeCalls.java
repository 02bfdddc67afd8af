package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `/api/exchanges`. The default exchange is called `amq.default` in a path.
final class ExchangeCalls {

    static final String DEFAULT = "amq.default";
    private static final int BODY_BYTES = 1 << 20;
    private static final String EXCHANGES = "/api/exchanges";
    private static final String OF_VHOST = EXCHANGES + "/{vhost}";
    private static final String EXCHANGE = OF_VHOST + "/{exchange}";

    private ExchangeCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get(EXCHANGES, Need.MANAGEMENT, ExchangeCalls::list),
                Route.get(OF_VHOST, Need.MANAGEMENT, ExchangeCalls::list),
                Route.get(EXCHANGE, Need.MANAGEMENT, ExchangeCalls::show),
                Route.put(EXCHANGE, Need.MANAGEMENT, ExchangeCalls::declare),
                Route.delete(EXCHANGE, Need.MANAGEMENT, ExchangeCalls::delete),
                Route.get(EXCHANGE + "/bindings/source", Need.MANAGEMENT, ExchangeCalls::from),
                Route.get(EXCHANGE + "/bindings/destination", Need.MANAGEMENT, ExchangeCalls::to));
    }

    /// The name that a part of a path stands for.
    static String named(String part) {
        return part.equals(DEFAULT) ? "" : part;
    }

    /// The exchange that the path names.
    static ExchangeView exchange(RabbitRequest request) throws RefusedException {
        ExchangeView exchange = request.vhost().exchange(named(request.name("exchange")));
        if (exchange == null) {
            throw RefusedException.notFound();
        }
        return exchange;
    }

    private static void list(RabbitRequest request) throws RefusedException {
        Messaging messaging = request.services().messaging();
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (VhostView vhost : request.vhostsOfPath()) {
            vhost.exchanges().forEach(exchange -> items.add(Shapes.exchange(exchange, messaging)));
        }
        request.list(items);
    }

    private static void show(RabbitRequest request) throws RefusedException {
        Map<String, @Nullable Object> fields =
                Shapes.exchange(exchange(request), request.services().messaging());
        fields.put("incoming", List.of());
        fields.put("outgoing", List.of());
        request.item(fields);
    }

    private static void declare(RabbitRequest request) throws RefusedException {
        String name = named(request.name("exchange"));
        request.needs(Operation.CONFIGURE, name);
        request.body(
                BODY_BYTES,
                body -> {
                    FieldTable arguments = body.table("arguments");
                    Rights.ofExchange(request, name, arguments);
                    boolean isNew = request.vhost().exchange(name) == null;
                    request.change(
                            new TopologyChange.DeclareExchange(
                                    request.name(Route.VHOST),
                                    name,
                                    body.text("type", "direct"),
                                    body.truth("durable", false),
                                    body.truth("auto_delete", false),
                                    body.truth("internal", false),
                                    arguments),
                            done -> request.empty(isNew && done.changed() ? 201 : 204));
                });
    }

    private static void delete(RabbitRequest request) throws RefusedException {
        ExchangeView exchange = exchange(request);
        request.needs(Operation.CONFIGURE, exchange.name());
        request.change(
                new TopologyChange.DeleteExchange(
                        exchange.vhost(), exchange.name(), request.flag("if-unused")),
                done -> request.empty(204));
    }

    private static void from(RabbitRequest request) throws RefusedException {
        ExchangeView exchange = exchange(request);
        request.list(BindingCalls.shown(from(request.vhost(), exchange.name())));
    }

    private static void to(RabbitRequest request) throws RefusedException {
        ExchangeView exchange = exchange(request);
        request.list(BindingCalls.shown(request.vhost().bindingsTo(exchange.name(), true)));
    }

    /// With those of the default exchange, which are not kept.
    private static List<BindingView> from(VhostView vhost, String exchange) {
        if (!exchange.isEmpty()) {
            return vhost.bindingsFrom(exchange);
        }
        List<BindingView> bindings = new ArrayList<>();
        for (QueueView queue : vhost.queues()) {
            bindings.add(Shapes.implicit(queue));
        }
        return bindings;
    }
}
