package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// RabbitMQ's JSON for a queue.
final class QueueShape {

    private QueueShape() {}

    static Map<String, @Nullable Object> of(QueueView queue, VhostView vhost, Services services) {
        String node = services.config().node();
        boolean up = services.messaging().isUp(queue);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("arguments", FieldTables.json(queue.arguments()));
        fields.put("auto_delete", queue.autoDelete());
        fields.put("durable", queue.durable());
        fields.put("effective_policy_definition", effective(queue, vhost));
        fields.put("exclusive", queue.exclusive());
        if (queue.exclusive()) {
            fields.put("owner_pid_details", Map.of("name", owner(queue, services)));
        }
        if (up) {
            figures(fields, queue, services);
        }
        fields.put("name", queue.name());
        fields.put("node", node);
        fields.put("operator_policy", nullIfEmpty(queue.operatorPolicy()));
        fields.put("policy", nullIfEmpty(queue.policy()));
        fields.put("state", up ? "running" : "down");
        fields.put("type", Shapes.lower(queue.type()));
        if (queue.type() != QueueView.Type.CLASSIC) {
            fields.put("leader", node);
            fields.put("members", List.of(node));
            fields.put("online", up ? List.of(node) : List.of());
        }
        fields.put("vhost", queue.vhost());
        return fields;
    }

    /// What a queue that is down has is not known, and left out as at RabbitMQ.
    private static void figures(
            Map<String, @Nullable Object> fields, QueueView queue, Services services) {
        QueueStats stats = services.messaging().stats(queue);
        String key = "queue " + queue.id();
        fields.put("consumers", stats.consumers());
        fields.put("memory", 0);
        fields.put("message_bytes", stats.bytes());
        fields.put("message_stats", stats(stats, key, services));
        Shapes.counted(fields, "messages", stats.ready() + stats.unacked(), key, services);
        Shapes.counted(fields, "messages_ready", stats.ready(), key, services);
        Shapes.counted(fields, "messages_unacknowledged", stats.unacked(), key, services);
    }

    private static String owner(QueueView queue, Services services) {
        ClientConnection connection = services.messaging().clients().connection(queue.owner());
        return connection == null ? "" : connection.info().name();
    }

    private static @Nullable String nullIfEmpty(String name) {
        return name.isEmpty() ? null : name;
    }

    /// Of the policy and the operator policy that are in effect; where both say something, the operator's bound is shown.
    private static Map<String, @Nullable Object> effective(QueueView queue, VhostView vhost) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        for (boolean operator : new boolean[] {false, true}) {
            String name = operator ? queue.operatorPolicy() : queue.policy();
            for (PolicyView policy : vhost.policies()) {
                if (!name.isEmpty()
                        && policy.operator() == operator
                        && policy.name().equals(name)) {
                    FieldTables.json(policy.definition())
                            .forEach(
                                    (key, value) ->
                                            merged.merge(key, orEmpty(value), QueueShape::lesser));
                }
            }
        }
        return merged;
    }

    private static Object orEmpty(@Nullable Object value) {
        return value == null ? "" : value;
    }

    private static Object lesser(Object theirs, Object operators) {
        return theirs instanceof Number a && operators instanceof Number b
                ? Math.min(a.longValue(), b.longValue())
                : operators;
    }

    private static Map<String, @Nullable Object> stats(
            QueueStats stats, String key, Services services) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        Shapes.counted(fields, "publish", stats.published(), key, services);
        Shapes.counted(fields, "deliver_get", stats.delivered(), key, services);
        Shapes.counted(fields, "ack", stats.acked(), key, services);
        Shapes.counted(fields, "redeliver", stats.redelivered(), key, services);
        return fields;
    }
}
