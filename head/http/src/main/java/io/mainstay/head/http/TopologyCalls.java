package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView.PermissionView;
import io.mainstay.messaging.api.VhostView;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Virtual hosts, exchanges, bindings, policies and permissions below `/api/v1/messaging`.
final class TopologyCalls {

    private static final String BASE = "/api/v1/messaging/";

    private static final Paging<ExchangeView> EXCHANGES =
            new Paging<>(
                    ExchangeView::name,
                    Map.of(
                            "name",
                            Comparator.comparing(ExchangeView::name),
                            "type",
                            Comparator.comparing(ExchangeView::type)),
                    TopologyCalls::fields);

    private static final Paging<BindingView> BINDINGS =
            new Paging<>(
                    binding ->
                            binding.source()
                                    + " "
                                    + binding.routingKey()
                                    + " "
                                    + binding.destination(),
                    Map.of(
                            "source",
                            Comparator.comparing(BindingView::source),
                            "destination",
                            Comparator.comparing(BindingView::destination)),
                    TopologyCalls::fields);

    private TopologyCalls() {}

    static List<Route> routes(MessagingDoor door, Access access) {
        String vhost = BASE + "vhosts/{vhost}";
        String exchange = BASE + "exchanges/{exchange}";
        String policy = BASE + "policies/{policy}";
        String permission = BASE + "permissions/{user}";
        List<Route> routes = new ArrayList<>();
        routes.add(
                door.route(
                        HttpMethod.GET,
                        BASE + "vhosts",
                        Right.READ,
                        (request, served) ->
                                items(
                                        request,
                                        served.topology().view().vhosts().stream()
                                                .map(TopologyCalls::fields)
                                                .toList())));
        routes.add(
                door.route(
                        HttpMethod.PUT,
                        vhost,
                        Right.CHANGE,
                        (request, served) ->
                                request.body(
                                        MessagingDoor.BODY_BYTES,
                                        body -> {
                                            String description = body.text("description", "");
                                            body.noOthers();
                                            MessagingDoor.change(
                                                    request,
                                                    served,
                                                    new TopologyChange.PutVhost(
                                                            request.name(0), description),
                                                    "virtual host " + request.name(0));
                                        })));
        routes.add(
                door.route(
                        HttpMethod.DELETE,
                        vhost,
                        Right.CHANGE,
                        (request, served) ->
                                MessagingDoor.remove(
                                        request,
                                        served,
                                        new TopologyChange.DeleteVhost(request.name(0)),
                                        "virtual host " + request.name(0),
                                        "there is no virtual host '" + request.name(0) + "'")));
        routes.add(
                door.inVhost(
                        HttpMethod.GET,
                        BASE + "exchanges",
                        Right.READ,
                        (request, served, in) -> EXCHANGES.answer(request, in.exchanges())));
        routes.add(
                door.inVhost(
                        HttpMethod.GET,
                        exchange,
                        Right.READ,
                        (request, served, in) -> showExchange(request, served, in)));
        routes.add(
                door.inVhost(
                        HttpMethod.PUT,
                        exchange,
                        Right.CHANGE,
                        (request, served, in) ->
                                request.body(
                                        MessagingDoor.BODY_BYTES,
                                        body -> {
                                            TopologyChange declare =
                                                    new TopologyChange.DeclareExchange(
                                                            in.name(),
                                                            request.name(0),
                                                            body.text("type", "direct"),
                                                            body.flag("durable", true),
                                                            body.flag("autoDelete", false),
                                                            body.flag("internal", false),
                                                            TableJson.table(
                                                                    body.object("arguments")));
                                            body.noOthers();
                                            MessagingDoor.change(
                                                    request,
                                                    served,
                                                    declare,
                                                    "exchange " + request.name(0));
                                        })));
        routes.add(
                door.inVhost(
                        HttpMethod.DELETE,
                        exchange,
                        Right.CHANGE,
                        (request, served, in) ->
                                MessagingDoor.remove(
                                        request,
                                        served,
                                        new TopologyChange.DeleteExchange(
                                                in.name(),
                                                request.name(0),
                                                MessagingDoor.flag(request, "ifUnused")),
                                        "exchange " + request.name(0),
                                        absent("exchange", request, in))));
        routes.add(
                door.inVhost(
                        HttpMethod.GET,
                        BASE + "bindings",
                        Right.READ,
                        (request, served, in) -> BINDINGS.answer(request, bindings(request, in))));
        for (boolean bind : new boolean[] {true, false}) {
            routes.add(
                    door.inVhost(
                            HttpMethod.POST,
                            BASE + (bind ? "bindings" : "bindings/remove"),
                            Right.CHANGE,
                            (request, served, in) ->
                                    request.body(
                                            MessagingDoor.BODY_BYTES,
                                            body -> bind(request, served, in, body, bind))));
        }
        routes.add(
                door.inVhost(
                        HttpMethod.GET,
                        BASE + "policies",
                        Right.READ,
                        (request, served, in) ->
                                items(
                                        request,
                                        in.policies().stream()
                                                .map(TopologyCalls::fields)
                                                .toList())));
        routes.add(
                door.inVhost(
                        HttpMethod.PUT,
                        policy,
                        Right.CHANGE,
                        (request, served, in) ->
                                request.body(
                                        MessagingDoor.BODY_BYTES,
                                        body ->
                                                MessagingDoor.change(
                                                        request,
                                                        served,
                                                        policy(in, request.name(0), body),
                                                        "policy " + request.name(0)))));
        routes.add(
                door.inVhost(
                        HttpMethod.DELETE,
                        policy,
                        Right.CHANGE,
                        (request, served, in) ->
                                MessagingDoor.remove(
                                        request,
                                        served,
                                        new TopologyChange.DeletePolicy(
                                                in.name(),
                                                request.name(0),
                                                MessagingDoor.flag(request, "operator")),
                                        "policy " + request.name(0),
                                        absent("policy", request, in))));
        routes.add(
                door.route(
                        HttpMethod.GET,
                        BASE + "permissions",
                        Right.USERS,
                        (request, served) ->
                                items(
                                        request,
                                        served.topology().view().permissions().stream()
                                                .map(TopologyCalls::fields)
                                                .toList())));
        routes.add(
                door.inVhost(
                        HttpMethod.PUT,
                        permission,
                        Right.USERS,
                        (request, served, in) ->
                                request.body(
                                        MessagingDoor.BODY_BYTES,
                                        body -> {
                                            TopologyChange put =
                                                    new TopologyChange.PutPermission(
                                                            request.name(0),
                                                            in.name(),
                                                            body.text("configure", ""),
                                                            body.text("write", ""),
                                                            body.text("read", ""));
                                            body.noOthers();
                                            if (MessagingDoor.knowsUser(
                                                    request, access, request.name(0))) {
                                                MessagingDoor.change(
                                                        request,
                                                        served,
                                                        put,
                                                        "permissions of " + request.name(0));
                                            }
                                        })));
        routes.add(
                door.inVhost(
                        HttpMethod.DELETE,
                        permission,
                        Right.USERS,
                        (request, served, in) ->
                                MessagingDoor.remove(
                                        request,
                                        served,
                                        new TopologyChange.DeletePermission(
                                                request.name(0), in.name()),
                                        "permissions of " + request.name(0),
                                        "user '%s' has no permissions in virtual host '%s'"
                                                .formatted(request.name(0), in.name()))));
        return routes;
    }

    private static void showExchange(AdminRequest request, Messaging messaging, VhostView vhost) {
        ExchangeView exchange = vhost.exchange(request.name(0));
        if (exchange == null) {
            request.error(404, "no-exchange", absent("exchange", request, vhost), "");
        } else {
            Map<String, @Nullable Object> fields = fields(exchange);
            fields.put("bindingsFrom", vhost.bindingsFrom(exchange.name()).size());
            fields.put("bindingsTo", vhost.bindingsTo(exchange.name(), true).size());
            QueueView delayQueue = exchange.delayQueue();
            if (delayQueue != null) {
                fields.put("messagesDelayed", messaging.stats(delayQueue).ready());
            }
            request.answer(200, fields);
        }
    }

    private static String absent(String what, AdminRequest request, VhostView vhost) {
        return "there is no %s '%s' in virtual host '%s'"
                .formatted(what, request.name(0), vhost.name());
    }

    /// Those that leave `source`, or lead to `destination`, a queue or (`toExchange=true`) an exchange; or all.
    private static List<BindingView> bindings(AdminRequest request, VhostView vhost)
            throws BadRequestException {
        String source = request.query("source", "");
        String destination = request.query("destination", "");
        boolean toExchange = MessagingDoor.flag(request, "toExchange");
        if (destination.isEmpty()) {
            return source.isEmpty() ? vhost.bindings() : vhost.bindingsFrom(source);
        }
        return vhost.bindingsTo(destination, toExchange).stream()
                .filter(binding -> source.isEmpty() || binding.source().equals(source))
                .toList();
    }

    static void items(AdminRequest request, List<Map<String, @Nullable Object>> items) {
        request.answer(200, Map.of("items", items));
    }

    private static void bind(
            AdminRequest request, Messaging served, VhostView vhost, JsonBody body, boolean bind)
            throws BadRequestException {
        String source = body.neededText("source");
        String destination = body.neededText("destination");
        boolean toExchange = body.flag("toExchange", false);
        String key = body.text("routingKey", "");
        var arguments = TableJson.table(body.object("arguments"));
        body.noOthers();
        MessagingDoor.change(
                request,
                served,
                bind
                        ? new TopologyChange.Bind(
                                vhost.name(), source, destination, toExchange, key, arguments)
                        : new TopologyChange.Unbind(
                                vhost.name(), source, destination, toExchange, key, arguments),
                "%s of '%s' to exchange '%s' with the key '%s'"
                        .formatted(bind ? "binding" : "unbinding", destination, source, key));
    }

    private static TopologyChange policy(VhostView vhost, String name, JsonBody body)
            throws BadRequestException {
        TopologyChange put =
                new TopologyChange.PutPolicy(
                        vhost.name(),
                        name,
                        body.neededText("pattern"),
                        body.text("applyTo", "all"),
                        body.number("priority", Integer.MIN_VALUE, Integer.MAX_VALUE, 0),
                        TableJson.table(body.object("definition")),
                        body.flag("operator", false));
        body.noOthers();
        return put;
    }

    private static Map<String, @Nullable Object> fields(VhostView vhost) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", vhost.name());
        fields.put("description", vhost.description());
        fields.put("queues", vhost.queues().size());
        fields.put("exchanges", vhost.exchanges().size());
        return fields;
    }

    private static Map<String, @Nullable Object> fields(ExchangeView exchange) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vhost", exchange.vhost());
        fields.put("name", exchange.name());
        fields.put("type", exchange.type());
        fields.put("durable", exchange.durable());
        fields.put("autoDelete", exchange.autoDelete());
        fields.put("internal", exchange.internal());
        fields.put("alternate", exchange.alternate());
        fields.put("policy", exchange.policy());
        fields.put("arguments", TableJson.json(exchange.arguments()));
        return fields;
    }

    private static Map<String, @Nullable Object> fields(BindingView binding) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vhost", binding.vhost());
        fields.put("source", binding.source());
        fields.put("destination", binding.destination());
        fields.put("toExchange", binding.toExchange());
        fields.put("routingKey", binding.routingKey());
        fields.put("arguments", TableJson.json(binding.arguments()));
        return fields;
    }

    private static Map<String, @Nullable Object> fields(PolicyView policy) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vhost", policy.vhost());
        fields.put("name", policy.name());
        fields.put("pattern", policy.pattern());
        fields.put("applyTo", policy.applyTo());
        fields.put("priority", policy.priority());
        fields.put("definition", TableJson.json(policy.definition()));
        fields.put("operator", policy.operator());
        return fields;
    }

    private static Map<String, @Nullable Object> fields(PermissionView permission) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("user", permission.user());
        fields.put("vhost", permission.vhost());
        fields.put("configure", permission.configure());
        fields.put("write", permission.write());
        fields.put("read", permission.read());
        return fields;
    }
}
