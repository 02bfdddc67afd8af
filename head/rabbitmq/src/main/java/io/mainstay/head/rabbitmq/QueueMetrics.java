package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// The figures of each queue, labelled with virtual host and name, as RabbitMQ's Prometheus plug-in names them. Queues of one connection are among them.
final class QueueMetrics {

    /// Queues in one answer, some 1 KB of text each; how many are left out has a figure of its own.
    private static final int MAX_QUEUES = 10_000;

    /// A figure, and the families of `/metrics/detailed` that it is in.
    ///
    /// @param name without the prefix
    private record Figure(
            String name,
            String help,
            boolean counter,
            Set<String> families,
            ToLongFunction<QueueStats> of) {}

    private static final Set<String> COARSE = Set.of("queue_coarse_metrics");

    /// RabbitMQ has these for each channel and queue.
    private static final Set<String> DELIVERIES =
            Set.of("queue_delivery_metrics", "channel_queue_metrics");

    private static final List<Figure> FIGURES =
            List.of(
                    new Figure(
                            "queue_messages_ready",
                            "Messages ready to be delivered to consumers",
                            false,
                            COARSE,
                            QueueStats::ready),
                    new Figure(
                            "queue_messages_unacked",
                            "Messages delivered to consumers but not yet acknowledged",
                            false,
                            COARSE,
                            QueueStats::unacked),
                    new Figure(
                            "queue_messages",
                            "Sum of ready and unacknowledged messages",
                            false,
                            COARSE,
                            stats -> stats.ready() + stats.unacked()),
                    new Figure(
                            "queue_consumers",
                            "Consumers on a queue",
                            false,
                            Set.of("queue_metrics", "queue_consumer_count"),
                            QueueStats::consumers),
                    new Figure(
                            "queue_messages_bytes",
                            "Size in bytes of ready and unacknowledged messages",
                            false,
                            Set.of("queue_metrics"),
                            QueueStats::bytes),
                    new Figure(
                            "queue_messages_published",
                            "Total number of messages published to a queue",
                            true,
                            Set.of("queue_exchange_metrics", "channel_queue_exchange_metrics"),
                            QueueStats::published),
                    new Figure(
                            "queue_messages_delivered",
                            "Total number of messages delivered, in whatever mode",
                            true,
                            DELIVERIES,
                            QueueStats::delivered),
                    new Figure(
                            "queue_messages_redelivered",
                            "Total number of messages redelivered to consumers",
                            true,
                            DELIVERIES,
                            QueueStats::redelivered),
                    new Figure(
                            "queue_messages_acked",
                            "Total number of messages acknowledged by consumers",
                            true,
                            DELIVERIES,
                            QueueStats::acked));

    private final Messaging messaging;

    QueueMetrics(Messaging messaging) {
        this.messaging = messaging;
    }

    /// All figures of all queues.
    void perObject(MetricSnapshots.Builder all) {
        add(all, "rabbitmq_", FIGURES, vhost -> true);
    }

    /// Figures of `families` only; what is no family of queues adds nothing, as at RabbitMQ.
    ///
    /// @param vhosts of these only; empty: of all
    void detailed(MetricSnapshots.Builder all, Set<String> families, Set<String> vhosts) {
        List<Figure> wanted =
                FIGURES.stream()
                        .filter(figure -> figure.families.stream().anyMatch(families::contains))
                        .toList();
        add(all, "rabbitmq_detailed_", wanted, vhost -> vhosts.isEmpty() || vhosts.contains(vhost));
    }

    private record Seen(Labels labels, QueueStats stats) {}

    private void add(
            MetricSnapshots.Builder all,
            String prefix,
            List<Figure> figures,
            Predicate<String> vhosts) {
        List<Seen> seen = new ArrayList<>();
        long leftOut = 0;
        for (VhostView vhost : messaging.topology().view().vhosts()) {
            if (figures.isEmpty() || !vhosts.test(vhost.name())) {
                continue;
            }
            for (QueueView queue : vhost.queues()) {
                if (seen.size() == MAX_QUEUES) {
                    leftOut++;
                } else if (messaging.isUp(queue)) {
                    Labels labels = Labels.of("vhost", vhost.name(), "queue", queue.name());
                    seen.add(new Seen(labels, messaging.stats(queue)));
                }
            }
        }
        for (Figure figure : seen.isEmpty() ? List.<Figure>of() : figures) {
            if (figure.counter) {
                counter(all, prefix, figure, seen);
            } else {
                gauge(all, prefix, figure, seen);
            }
        }
        all.metricSnapshot(
                GaugeSnapshot.builder()
                        .name("mainstay_metrics_queues_left_out")
                        .help("Queues that are not in this answer because it has too many")
                        .dataPoint(GaugeDataPointSnapshot.builder().value(leftOut).build())
                        .build());
    }

    private static void gauge(
            MetricSnapshots.Builder all, String prefix, Figure figure, List<Seen> seen) {
        GaugeSnapshot.Builder metric =
                GaugeSnapshot.builder().name(prefix + figure.name).help(figure.help);
        for (Seen one : seen) {
            metric.dataPoint(
                    GaugeDataPointSnapshot.builder()
                            .labels(one.labels)
                            .value(figure.of.applyAsLong(one.stats))
                            .build());
        }
        all.metricSnapshot(metric.build());
    }

    private static void counter(
            MetricSnapshots.Builder all, String prefix, Figure figure, List<Seen> seen) {
        CounterSnapshot.Builder metric =
                CounterSnapshot.builder().name(prefix + figure.name).help(figure.help);
        for (Seen one : seen) {
            metric.dataPoint(
                    CounterDataPointSnapshot.builder()
                            .labels(one.labels)
                            .value(figure.of.applyAsLong(one.stats))
                            .build());
        }
        all.metricSnapshot(metric.build());
    }
}
