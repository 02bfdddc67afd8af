package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `/api/bindings`: from an exchange (`e`) to a queue (`q`) or another exchange (`e`).
final class BindingCalls {

    private static final int BODY_BYTES = 1 << 20;
    private static final String BINDINGS = "/api/bindings";
    private static final String OF_VHOST = BINDINGS + "/{vhost}";
    private static final String TO_QUEUE = OF_VHOST + "/e/{exchange}/q/{destination}";
    private static final String TO_EXCHANGE = OF_VHOST + "/e/{exchange}/e/{destination}";

    private BindingCalls() {}

    static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get(BINDINGS, Need.MANAGEMENT, BindingCalls::list));
        routes.add(Route.get(OF_VHOST, Need.MANAGEMENT, BindingCalls::list));
        for (boolean toExchange : new boolean[] {false, true}) {
            String between = toExchange ? TO_EXCHANGE : TO_QUEUE;
            String one = between + "/{properties}";
            routes.add(
                    Route.get(
                            between,
                            Need.MANAGEMENT,
                            request -> request.list(shown(between(request, toExchange)))));
            routes.add(Route.post(between, Need.MANAGEMENT, request -> bind(request, toExchange)));
            routes.add(
                    Route.get(
                            one,
                            Need.MANAGEMENT,
                            request -> request.item(Shapes.binding(one(request, toExchange)))));
            routes.add(Route.delete(one, Need.MANAGEMENT, request -> unbind(request, toExchange)));
        }
        return routes;
    }

    static List<Map<String, @Nullable Object>> shown(List<BindingView> bindings) {
        return bindings.stream().map(Shapes::binding).toList();
    }

    private static void list(RabbitRequest request) throws RefusedException {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (VhostView vhost : request.vhostsOfPath()) {
            for (QueueView queue : vhost.queues()) {
                items.add(Shapes.binding(Shapes.implicit(queue)));
            }
            items.addAll(shown(vhost.bindings()));
        }
        request.list(items);
    }

    /// The source must be there; what leads to nothing is an empty list, as at RabbitMQ.
    private static List<BindingView> between(RabbitRequest request, boolean toExchange)
            throws RefusedException {
        VhostView vhost = request.vhost();
        String source = ExchangeCalls.exchange(request).name();
        String part = request.name("destination");
        String destination = toExchange ? ExchangeCalls.named(part) : part;
        if (source.isEmpty()) {
            QueueView queue = toExchange ? null : vhost.queue(destination);
            return queue == null ? List.of() : List.of(Shapes.implicit(queue));
        }
        return vhost.bindingsTo(destination, toExchange).stream()
                .filter(binding -> binding.source().equals(source))
                .toList();
    }

    private static BindingView one(RabbitRequest request, boolean toExchange)
            throws RefusedException {
        String key = request.name("properties");
        List<BindingView> all = between(request, toExchange);
        for (BindingView binding : all) {
            if (binding.propertiesKey().equals(key)) {
                return binding;
            }
        }
        // A client that escaped the key once only: the routing key itself is left.
        for (BindingView binding : all) {
            if (binding.arguments().isEmpty() && binding.routingKey().equals(key)) {
                return binding;
            }
        }
        throw RefusedException.notFound();
    }

    private static void bind(RabbitRequest request, boolean toExchange) throws RefusedException {
        String source = ExchangeCalls.named(request.name("exchange"));
        String part = request.name("destination");
        String destination = toExchange ? ExchangeCalls.named(part) : part;
        request.needs(Operation.WRITE, destination);
        request.needs(Operation.READ, source);
        request.body(
                BODY_BYTES,
                body -> {
                    String key = body.text("routing_key", "");
                    FieldTable arguments = body.table("arguments");
                    String vhost = request.name(Route.VHOST);
                    Rights.ofTopic(request, source, Operation.READ, key);
                    request.change(
                            new TopologyChange.Bind(
                                    vhost, source, destination, toExchange, key, arguments),
                            done -> {
                                request.http()
                                        .response()
                                        .putHeader(
                                                "Location",
                                                location(request, toExchange, key, arguments));
                                request.empty(201);
                            });
                });
    }

    /// As RabbitMQ gives it: relative to the path of the request.
    private static String location(
            RabbitRequest request, boolean toExchange, String key, FieldTable arguments)
            throws RefusedException {
        String properties =
                between(request, toExchange).stream()
                        .filter(b -> b.routingKey().equals(key) && b.arguments().equals(arguments))
                        .map(BindingView::propertiesKey)
                        .findFirst()
                        .orElse("~");
        return encoded(request.name("destination")) + "/" + encoded(properties);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void unbind(RabbitRequest request, boolean toExchange) throws RefusedException {
        BindingView binding = one(request, toExchange);
        request.needs(Operation.WRITE, binding.destination());
        request.needs(Operation.READ, binding.source());
        Rights.ofTopic(request, binding.source(), Operation.READ, binding.routingKey());
        request.change(
                new TopologyChange.Unbind(
                        binding.vhost(),
                        binding.source(),
                        binding.destination(),
                        toExchange,
                        binding.routingKey(),
                        binding.arguments()),
                done -> request.empty(204));
    }
}
