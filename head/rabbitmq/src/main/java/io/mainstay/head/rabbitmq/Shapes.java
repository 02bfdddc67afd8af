package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ConnectionInfo;
import io.mainstay.messaging.api.Clients.ConsumerInfo;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView.PermissionView;
import io.mainstay.messaging.api.TopologyView.TopicPermissionView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// RabbitMQ's JSON for what the topology and the connections show. Figures of queues are in [QueueShape].
final class Shapes {

    private Shapes() {}

    static Map<String, @Nullable Object> vhost(VhostView vhost, String node) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("cluster_state", Map.of(node, "running"));
        fields.put("default_queue_type", "undefined");
        fields.put("description", vhost.description());
        fields.put("metadata", Map.of("description", vhost.description(), "tags", List.of()));
        fields.put("name", vhost.name());
        fields.put("tags", List.of());
        fields.put("tracing", false);
        return fields;
    }

    static Map<String, @Nullable Object> exchange(ExchangeView exchange, Messaging messaging) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("arguments", FieldTables.json(exchange.arguments()));
        fields.put("auto_delete", exchange.autoDelete());
        fields.put("durable", exchange.durable());
        fields.put("internal", exchange.internal());
        QueueView delayQueue = exchange.delayQueue();
        if (delayQueue != null) {
            fields.put("messages_delayed", messaging.stats(delayQueue).ready());
        }
        fields.put("name", exchange.name());
        if (!exchange.policy().isEmpty()) {
            fields.put("policy", exchange.policy());
        }
        fields.put("type", exchange.type());
        fields.put("vhost", exchange.vhost());
        return fields;
    }

    static Map<String, @Nullable Object> binding(BindingView binding) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("source", binding.source());
        fields.put("vhost", binding.vhost());
        fields.put("destination", binding.destination());
        fields.put("destination_type", binding.toExchange() ? "exchange" : "queue");
        fields.put("routing_key", binding.routingKey());
        fields.put("arguments", FieldTables.json(binding.arguments()));
        fields.put("properties_key", binding.propertiesKey());
        return fields;
    }

    /// The binding of each queue to the default exchange, which is not kept.
    static BindingView implicit(QueueView queue) {
        return new BindingView(
                queue.vhost(),
                "",
                queue.name(),
                false,
                queue.name(),
                FieldTable.EMPTY,
                queue.name());
    }

    static Map<String, @Nullable Object> permission(PermissionView permission) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("user", permission.user());
        fields.put("vhost", permission.vhost());
        fields.put("configure", permission.configure());
        fields.put("write", permission.write());
        fields.put("read", permission.read());
        return fields;
    }

    static Map<String, @Nullable Object> topicPermission(TopicPermissionView permission) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("user", permission.user());
        fields.put("vhost", permission.vhost());
        fields.put("exchange", permission.exchange());
        fields.put("write", permission.write());
        fields.put("read", permission.read());
        return fields;
    }

    static Map<String, @Nullable Object> policy(PolicyView policy) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vhost", policy.vhost());
        fields.put("name", policy.name());
        fields.put("pattern", policy.pattern());
        fields.put("apply-to", policy.applyTo());
        fields.put("definition", FieldTables.json(policy.definition()));
        fields.put("priority", policy.priority());
        return fields;
    }

    static Map<String, @Nullable Object> connection(
            ConnectionInfo connection, int channels, Services services) {
        String node = services.config().node();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("auth_mechanism", connection.authMechanism());
        fields.put("channel_max", connection.channelMax());
        fields.put("channels", channels);
        fields.put("client_properties", FieldTables.json(connection.clientProperties()));
        fields.put("connected_at", connection.connectedAtMs());
        fields.put("frame_max", connection.frameMax());
        fields.put("host", connection.host());
        fields.put("name", connection.name());
        fields.put("node", node);
        fields.put("peer_cert_issuer", null);
        fields.put("peer_cert_subject", null);
        fields.put("peer_cert_validity", null);
        fields.put("peer_host", connection.peerHost());
        fields.put("peer_port", connection.peerPort());
        fields.put("port", connection.port());
        fields.put("protocol", connection.protocol());
        String key = "connection " + connection.name();
        counted(fields, "recv_oct", connection.bytesIn(), key, services);
        counted(fields, "send_oct", connection.bytesOut(), key, services);
        fields.put("send_pend", 0);
        fields.put("ssl", connection.tls());
        fields.put("ssl_cipher", null);
        fields.put("ssl_hash", null);
        fields.put("ssl_key_exchange", null);
        fields.put("ssl_protocol", null);
        fields.put("state", connection.state());
        fields.put("timeout", connection.heartbeatSeconds());
        fields.put("type", "network");
        fields.put("user", connection.user());
        fields.put("user_who_performed_action", connection.user());
        fields.put("vhost", connection.vhost());
        return fields;
    }

    static Map<String, @Nullable Object> channel(
            ConnectionInfo connection, ChannelInfo channel, Services services) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("acks_uncommitted", 0);
        fields.put("confirm", channel.confirm());
        fields.put("connection_details", connectionDetails(connection));
        fields.put("consumer_count", channel.consumers().size());
        fields.put("global_prefetch_count", channel.globalPrefetch());
        Map<String, @Nullable Object> stats = new LinkedHashMap<>();
        String key = "channel " + channel.name();
        counted(stats, "publish", channel.published(), key, services);
        counted(stats, "deliver_get", channel.delivered(), key, services);
        counted(stats, "ack", channel.acked(), key, services);
        fields.put("message_stats", stats);
        fields.put("messages_unacknowledged", channel.unacked());
        fields.put("messages_uncommitted", 0);
        fields.put("messages_unconfirmed", channel.unconfirmed());
        fields.put("name", channel.name());
        fields.put("node", services.config().node());
        fields.put("number", channel.number());
        fields.put("prefetch_count", channel.prefetch());
        fields.put("state", channel.state());
        fields.put("transactional", channel.transactional());
        fields.put("user", connection.user());
        fields.put("user_who_performed_action", connection.user());
        fields.put("vhost", connection.vhost());
        return fields;
    }

    private static Map<String, Object> connectionDetails(ConnectionInfo connection) {
        return Map.of(
                "name",
                connection.name(),
                "peer_host",
                connection.peerHost(),
                "peer_port",
                connection.peerPort());
    }

    static Map<String, @Nullable Object> consumer(
            ConnectionInfo connection, ChannelInfo channel, ConsumerInfo consumer, String node) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("ack_required", !consumer.autoAck());
        fields.put("active", consumer.active());
        fields.put("activity_status", consumer.active() ? "up" : "single_active");
        fields.put("arguments", FieldTables.json(consumer.arguments()));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("connection_name", connection.name());
        details.put("name", channel.name());
        details.put("node", node);
        details.put("number", channel.number());
        details.put("peer_host", connection.peerHost());
        details.put("peer_port", connection.peerPort());
        details.put("user", connection.user());
        fields.put("channel_details", details);
        fields.put("consumer_tag", consumer.tag());
        fields.put("exclusive", consumer.exclusive());
        fields.put("prefetch_count", consumer.prefetch());
        fields.put("queue", Map.of("name", consumer.queue(), "vhost", connection.vhost()));
        return fields;
    }

    /// A count and, beside it, its rate per second.
    ///
    /// @param owner whose count it is, for the rate
    static void counted(
            Map<String, @Nullable Object> fields,
            String name,
            long value,
            String owner,
            Services services) {
        fields.put(name, value);
        fields.put(
                name + "_details",
                Map.of("rate", services.rates().rate(owner + " " + name, value)));
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
