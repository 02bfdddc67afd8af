package io.mainstay.head.rabbitmq;

import io.mainstay.head.rabbitmq.NodeFacts.Listener;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.service.MessagingTotals;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The node as a whole: overview, nodes, names and versions, and what tools ask for before they begin.
final class NodeCalls {

    private static final List<String> EXCHANGE_TYPES =
            List.of(
                    "direct",
                    "fanout",
                    "headers",
                    "topic",
                    "x-consistent-hash",
                    "x-delayed-message");
    private static final List<String> MECHANISMS = List.of("PLAIN", "AMQPLAIN");

    /// Of RabbitMQ's feature flags those that change what a client sees.
    private static final List<String> FEATURES =
            List.of(
                    "classic_queue_type_delivery_support",
                    "drop_unroutable_metric",
                    "empty_basic_get_metric",
                    "implicit_default_bindings",
                    "quorum_queue",
                    "stream_queue",
                    "user_limits",
                    "virtual_host_metadata");

    private NodeCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get("/api", Need.MANAGEMENT, NodeCalls::home),
                Route.get("/api/overview", Need.MANAGEMENT, NodeCalls::overview),
                Route.get("/api/cluster-name", Need.MANAGEMENT, NodeCalls::clusterName),
                Route.put("/api/cluster-name", Need.ADMINISTRATOR, NodeCalls::nameCluster),
                Route.get("/api/nodes", Need.MONITORING, r -> r.list(List.of(node(r)))),
                Route.get("/api/nodes/{node}", Need.MONITORING, NodeCalls::oneNode),
                Route.get("/api/version", Need.MANAGEMENT, NodeCalls::version),
                Route.get("/api/extensions", Need.MANAGEMENT, r -> r.list(List.of())),
                Route.get("/api/auth", Need.ANYBODY, NodeCalls::auth),
                Route.get("/api/feature-flags", Need.MANAGEMENT, NodeCalls::features),
                Route.put(
                        "/api/feature-flags/{feature}/enable",
                        Need.ADMINISTRATOR,
                        NodeCalls::enable),
                Route.get("/api/deprecated-features", Need.MANAGEMENT, r -> r.list(List.of())),
                Route.get(RabbitMetrics.PATH, Need.MONITORING, NodeCalls::metrics),
                Route.get(RabbitMetrics.PER_OBJECT, Need.MONITORING, NodeCalls::metrics),
                Route.get(RabbitMetrics.DETAILED, Need.MONITORING, NodeCalls::metrics));
    }

    /// At RabbitMQ a page about this API; tools ask whether it is there.
    private static void home(RabbitRequest request) {
        request.answer(
                200,
                Map.of(
                        "product_name",
                        "Mainstay",
                        "rabbitmq_version",
                        request.services().config().rabbitVersion(),
                        "console",
                        request.services().adminUrl().get()));
    }

    private static void overview(RabbitRequest request) throws RefusedException {
        Services services = request.services();
        RabbitHeadConfig config = services.config();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("management_version", config.rabbitVersion());
        fields.put("rates_mode", "basic");
        fields.put("exchange_types", named(EXCHANGE_TYPES));
        fields.put("product_version", config.version());
        fields.put("product_name", "Mainstay");
        fields.put("rabbitmq_version", config.rabbitVersion());
        fields.put("cluster_name", config.cluster());
        fields.put("erlang_version", "none");
        fields.put("erlang_full_version", "none: " + "Java " + Runtime.version());
        fields.put("disable_stats", false);
        fields.put("enable_queue_totals", false);
        fields.put("default_queue_type", "classic");
        totals(fields, services);
        fields.put("object_totals", objects(request));
        fields.put("statistics_db_event_queue", 0);
        fields.put("node", config.node());
        List<Map<String, Object>> listeners = new ArrayList<>();
        List<Map<String, Object>> contexts = new ArrayList<>();
        for (Listener listener : config.facts().get().listeners()) {
            listeners.add(listener(listener, config.node()));
            if (listener.protocol().startsWith("http")) {
                contexts.add(context(listener, config.node()));
            }
        }
        fields.put("listeners", listeners);
        fields.put("contexts", contexts);
        request.item(fields);
    }

    private static void totals(Map<String, @Nullable Object> fields, Services services) {
        MessagingTotals.Now now = services.totals().now();
        Map<String, @Nullable Object> stats = new LinkedHashMap<>();
        Shapes.counted(stats, "publish", now.counts().published(), "node", services);
        Shapes.counted(stats, "deliver_get", now.counts().delivered(), "node", services);
        Shapes.counted(stats, "ack", now.counts().acked(), "node", services);
        Shapes.counted(stats, "redeliver", now.counts().redelivered(), "node", services);
        fields.put("message_stats", stats);
        Map<String, @Nullable Object> queues = new LinkedHashMap<>();
        Shapes.counted(queues, "messages", now.ready() + now.unacked(), "node", services);
        Shapes.counted(queues, "messages_ready", now.ready(), "node", services);
        Shapes.counted(queues, "messages_unacknowledged", now.unacked(), "node", services);
        fields.put("queue_totals", queues);
    }

    private static Map<String, Object> objects(RabbitRequest request) {
        Services services = request.services();
        long channels = 0;
        long consumers = 0;
        long connections = 0;
        for (ClientConnection connection : services.messaging().clients().connections()) {
            connections++;
            for (var channel : connection.channels()) {
                channels++;
                consumers += channel.consumers().size();
            }
        }
        long exchanges = 0;
        long queues = 0;
        for (VhostView vhost : request.vhosts()) {
            exchanges += vhost.exchanges().size();
            queues += vhost.queues().size();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("channels", channels);
        fields.put("connections", connections);
        fields.put("consumers", consumers);
        fields.put("exchanges", exchanges);
        fields.put("queues", queues);
        return fields;
    }

    private static List<Map<String, Object>> named(List<String> names) {
        List<Map<String, Object>> items = new ArrayList<>();
        for (String name : names) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", name);
            fields.put("description", "");
            fields.put("enabled", true);
            items.add(fields);
        }
        return items;
    }

    private static Map<String, Object> listener(Listener listener, String node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", node);
        fields.put("protocol", listener.protocol());
        fields.put("ip_address", listener.host());
        fields.put("port", listener.port());
        fields.put("socket_opts", Map.of());
        return fields;
    }

    private static Map<String, Object> context(Listener listener, String node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ssl_opts", List.of());
        fields.put("node", node);
        fields.put(
                "description",
                listener.protocol().equals("http/prometheus")
                        ? "RabbitMQ Prometheus"
                        : "RabbitMQ Management");
        fields.put("path", "/");
        fields.put("ip", listener.host());
        fields.put("port", Integer.toString(listener.port()));
        return fields;
    }

    private static Map<String, @Nullable Object> node(RabbitRequest request) {
        RabbitHeadConfig config = request.services().config();
        NodeFacts facts = config.facts().get();
        int processors = Runtime.getRuntime().availableProcessors();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", config.node());
        fields.put("type", "disc");
        fields.put("running", true);
        fields.put("being_drained", false);
        fields.put("os_pid", Long.toString(ProcessHandle.current().pid()));
        fields.put("mem_used", facts.memoryUsedBytes());
        fields.put("mem_limit", facts.memoryLimitBytes());
        fields.put("mem_alarm", facts.memoryAlarm());
        fields.put("disk_free", facts.diskFreeBytes());
        fields.put("disk_free_limit", facts.diskLimitBytes());
        fields.put("disk_free_alarm", facts.diskAlarm());
        fields.put("uptime", request.services().clock().wallMs() - facts.startedMs());
        fields.put("run_queue", 0);
        fields.put("processors", processors);
        fields.put("rates_mode", "basic");
        fields.put("exchange_types", named(EXCHANGE_TYPES));
        fields.put("auth_mechanisms", named(MECHANISMS));
        fields.put("applications", List.of());
        fields.put("contexts", List.of());
        fields.put("partitions", List.of());
        fields.put("config_files", List.of());
        fields.put("log_files", List.of());
        fields.put("enabled_plugins", List.of());
        fields.put("cluster_links", List.of());
        return fields;
    }

    private static void oneNode(RabbitRequest request) throws RefusedException {
        if (!request.name("node").equals(request.services().config().node())) {
            throw RefusedException.notFound();
        }
        request.item(node(request));
    }

    private static void clusterName(RabbitRequest request) {
        request.answer(200, Map.of("name", request.services().config().cluster()));
    }

    private static void nameCluster(RabbitRequest request) throws RefusedException {
        throw RefusedException.bad("the cluster's name is that of the node's configuration");
    }

    private static void version(RabbitRequest request) {
        request.answer(200, request.services().config().rabbitVersion());
    }

    private static void auth(RabbitRequest request) {
        request.answer(200, Map.of("oauth_enabled", false, "enable_uaa", false));
    }

    private static void features(RabbitRequest request) throws RefusedException {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (String feature : FEATURES) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("name", feature);
            fields.put("desc", "");
            fields.put("doc_url", "");
            fields.put("state", "enabled");
            fields.put("stability", "stable");
            fields.put("provided_by", "rabbit");
            items.add(fields);
        }
        request.list(items);
    }

    private static void enable(RabbitRequest request) throws RefusedException {
        if (!FEATURES.contains(request.name("feature"))) {
            throw RefusedException.bad("unknown feature flag " + request.name("feature"));
        }
        request.empty(204);
    }

    private static void metrics(RabbitRequest request) throws RefusedException {
        String text =
                request.services().metrics().text(request.http().path(), request.http().params());
        if (text == null) {
            throw RefusedException.notFound();
        }
        request.http().response().putHeader("Content-Type", RabbitMetrics.CONTENT_TYPE).end(text);
    }
}
