package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.service.MessagingTotals;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/// The figures of messaging under the names of RabbitMQ's Prometheus plug-in, summed up over queues as that does by default, so that its dashboards show
/// them. What there is nothing of here (Erlang's memory, message stores) is absent. Made anew for each scrape. Thread-safe.
public final class RabbitMetrics {

    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final RabbitHeadConfig config;
    private final Messaging messaging;
    private final MessagingTotals totals;
    private final PrometheusMeterRegistry scraped;

    private RabbitMetrics(RabbitHeadConfig config, Messaging messaging, MessagingTotals totals) {
        this.config = config;
        this.messaging = messaging;
        this.totals = totals;
        PrometheusRegistry registry = new PrometheusRegistry();
        MultiCollector collector = this::collect;
        registry.register(collector);
        this.scraped =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, registry, Clock.SYSTEM);
    }

    static RabbitMetrics of(RabbitHeadConfig config, Messaging messaging, MessagingTotals totals) {
        return new RabbitMetrics(config, messaging, totals);
    }

    /// The present figures in Prometheus' text format.
    public String text() {
        return scraped.scrape();
    }

    private MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        info(all);
        clients(all);
        queues(all);
        node(all);
        return all.build();
    }

    private void info(MetricSnapshots.Builder all) {
        all.metricSnapshot(
                InfoSnapshot.builder()
                        .name("rabbitmq_build")
                        .help("RabbitMQ & Erlang/OTP version info")
                        .dataPoint(
                                InfoDataPointSnapshot.builder()
                                        .labels(
                                                Labels.of(
                                                        "rabbitmq_version",
                                                        config.rabbitVersion(),
                                                        "product_name",
                                                        "Mainstay",
                                                        "product_version",
                                                        config.version(),
                                                        "erlang_version",
                                                        "none"))
                                        .build())
                        .build());
        all.metricSnapshot(
                InfoSnapshot.builder()
                        .name("rabbitmq_identity")
                        .help("RabbitMQ node & cluster identity info")
                        .dataPoint(
                                InfoDataPointSnapshot.builder()
                                        .labels(
                                                Labels.of(
                                                        "rabbitmq_node",
                                                        config.node(),
                                                        "rabbitmq_cluster",
                                                        config.cluster(),
                                                        "rabbitmq_cluster_permanent_id",
                                                        config.cluster()))
                                        .build())
                        .build());
    }

    private void clients(MetricSnapshots.Builder all) {
        long connections = 0;
        long channels = 0;
        long bytesIn = 0;
        long bytesOut = 0;
        long unacked = 0;
        long unconfirmed = 0;
        for (ClientConnection connection : messaging.clients().connections()) {
            connections++;
            bytesIn += connection.info().bytesIn();
            bytesOut += connection.info().bytesOut();
            for (ChannelInfo channel : connection.channels()) {
                channels++;
                unacked += channel.unacked();
                unconfirmed += channel.unconfirmed();
            }
        }
        gauge(all, "rabbitmq_connections", "Connections currently open", connections);
        gauge(all, "rabbitmq_channels", "Channels currently open", channels);
        gauge(
                all,
                "rabbitmq_connection_incoming_bytes",
                "Bytes received on the connections that are open",
                bytesIn);
        gauge(
                all,
                "rabbitmq_connection_outgoing_bytes",
                "Bytes sent on the connections that are open",
                bytesOut);
        gauge(
                all,
                "rabbitmq_channel_messages_unacked",
                "Delivered but not yet acknowledged messages",
                unacked);
        gauge(
                all,
                "rabbitmq_channel_messages_unconfirmed",
                "Published but not yet confirmed messages",
                unconfirmed);
    }

    private void queues(MetricSnapshots.Builder all) {
        MessagingTotals.Now now = totals.now();
        gauge(all, "rabbitmq_queues", "Queues available", now.queues());
        gauge(all, "rabbitmq_consumers", "Consumers currently connected", now.consumers());
        gauge(all, "rabbitmq_queue_consumers", "Consumers on queues", now.consumers());
        gauge(
                all,
                "rabbitmq_queue_messages_ready",
                "Messages ready to be delivered to consumers",
                now.ready());
        gauge(
                all,
                "rabbitmq_queue_messages_unacked",
                "Messages delivered to consumers but not yet acknowledged",
                now.unacked());
        gauge(
                all,
                "rabbitmq_queue_messages",
                "Sum of ready and unacknowledged messages",
                now.ready() + now.unacked());
        gauge(
                all,
                "rabbitmq_queue_messages_bytes",
                "Size in bytes of ready and unacknowledged messages",
                now.bytes());
        MessagingTotals.Counts counts = now.counts();
        counter(
                all,
                "rabbitmq_queue_messages_published",
                "Total number of messages published to queues",
                counts.published(),
                Labels.EMPTY);
        Labels protocol = Labels.of("protocol", "amqp091");
        counter(
                all,
                "rabbitmq_global_messages_routed",
                "Total number of messages routed to queues, once for each",
                counts.published(),
                protocol);
        counter(
                all,
                "rabbitmq_global_messages_received",
                "Total number of messages that reached a queue, once for each",
                counts.published(),
                protocol);
        counter(
                all,
                "rabbitmq_global_messages_delivered",
                "Total number of messages delivered to consumers",
                counts.delivered(),
                protocol);
        counter(
                all,
                "rabbitmq_global_messages_acknowledged",
                "Total number of messages acknowledged by consumers",
                counts.acked(),
                protocol);
        counter(
                all,
                "rabbitmq_global_messages_redelivered",
                "Total number of messages redelivered to consumers",
                counts.redelivered(),
                protocol);
        counter(
                all,
                "mainstay_queue_messages_duplicates",
                "Total number of messages that a queue had and did not take again",
                counts.duplicates(),
                Labels.EMPTY);
    }

    private void node(MetricSnapshots.Builder all) {
        NodeFacts facts = config.facts().get();
        gauge(
                all,
                "rabbitmq_process_resident_memory_bytes",
                "Memory used in bytes",
                facts.memoryUsedBytes());
        gauge(
                all,
                "rabbitmq_resident_memory_limit_bytes",
                "Memory high watermark in bytes",
                facts.memoryLimitBytes());
        gauge(
                all,
                "rabbitmq_disk_space_available_bytes",
                "Disk space available in bytes",
                facts.diskFreeBytes());
        gauge(
                all,
                "rabbitmq_disk_space_available_limit_bytes",
                "Free disk space low watermark in bytes",
                facts.diskLimitBytes());
        gauge(
                all,
                "rabbitmq_alarms_memory_used_watermark",
                "1 if the memory alarm is in effect",
                facts.memoryAlarm() ? 1 : 0);
        gauge(
                all,
                "rabbitmq_alarms_free_disk_space_watermark",
                "1 if the disk alarm is in effect",
                facts.diskAlarm() ? 1 : 0);
    }

    private static void gauge(MetricSnapshots.Builder all, String name, String help, long value) {
        all.metricSnapshot(
                GaugeSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                        .build());
    }

    /// @param name without the `_total` that is written behind it
    private static void counter(
            MetricSnapshots.Builder all, String name, String help, long value, Labels labels) {
        all.metricSnapshot(
                CounterSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(
                                CounterDataPointSnapshot.builder()
                                        .labels(labels)
                                        .value(value)
                                        .build())
                        .build());
    }
}
