package io.mainstay.server.node;

import com.sun.management.ThreadMXBean;

import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.push.PushEngine;
import io.mainstay.server.trace.Tracing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.lang.management.ManagementFactory;
import java.util.function.IntSupplier;

/// The node's metrics. Their number does not grow with services or instances: names of clients are never labels.
final class NodeMetrics implements AutoCloseable {

    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    NodeMetrics(RaftGroups groups, Journal journal, Registry registry, PushEngine push) {
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads) {
            FunctionCounter.builder(
                            "mainstay.jvm.allocated",
                            threads,
                            ThreadMXBean::getTotalThreadAllocatedBytes)
                    .description("bytes of the heap that were allocated since the start")
                    .baseUnit("bytes")
                    .register(meters);
        }
        gc.bindTo(meters);
        journal(journal);
        FunctionCounter.builder("mainstay.journal.relocated", groups, RaftGroups::relocatedBytes)
                .description("bytes of old messages written again to free segments")
                .baseUnit("bytes")
                .register(meters);
        for (int id = 0; id < groups.count(); id++) {
            group(groups.group(id));
        }
        for (InstanceStatus status : InstanceStatus.values()) {
            Gauge.builder("mainstay.registry.instances", registry, r -> count(r, status))
                    .tags("status", status.name())
                    .register(meters);
        }
        FunctionCounter.builder("mainstay.registry.beats", registry, r -> r.totals().beats())
                .register(meters);
        FunctionCounter.builder("mainstay.registry.changes", registry, r -> r.totals().changes())
                .register(meters);
        push(push);
        Gauge.builder("mainstay.registry.protected", registry, NodeMetrics::protectedScopes)
                .description("scopes whose evictions are held")
                .register(meters);
    }

    private void journal(Journal journal) {
        FunctionCounter.builder("mainstay.journal.appended", journal, j -> j.stats().end())
                .baseUnit("bytes")
                .register(meters);
        FunctionCounter.builder("mainstay.journal.syncs", journal, j -> j.stats().syncs())
                .register(meters);
        FunctionCounter.builder("mainstay.journal.sync", journal, j -> j.stats().syncNanos() / 1e9)
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("mainstay.journal.segments", journal, j -> j.stats().segments())
                .register(meters);
        Gauge.builder("mainstay.journal.failed", journal, j -> j.failed() ? 1 : 0).register(meters);
        Gauge.builder("mainstay.journal.full", journal, j -> j.full() ? 1 : 0).register(meters);
    }

    private void group(RaftGroup group) {
        Tags tags = Tags.of("group", group.name());
        Gauge.builder(
                        "mainstay.group.leader",
                        group,
                        g -> g.status().role() == RaftGroup.Role.LEADER ? 1 : 0)
                .tags(tags)
                .register(meters);
        FunctionCounter.builder("mainstay.group.applied", group, g -> g.status().appliedOffset())
                .tags(tags)
                .register(meters);
        FunctionCounter.builder("mainstay.group.rebuilds", group, g -> g.status().rebuilds())
                .tags(tags)
                .register(meters);
    }

    private void push(PushEngine push) {
        Gauge.builder("mainstay.push.subscriptions", push, p -> p.totals().subscriptions())
                .description("services that streaming clients subscribe to, for each client")
                .register(meters);
        Gauge.builder("mainstay.push.behind", push, p -> p.totals().behind())
                .description("subscriptions that have not been told what there is")
                .register(meters);
        Gauge.builder("mainstay.push.lag", push, p -> p.totals().lagNanos() / 1e9)
                .baseUnit("seconds")
                .description("how long the one that is behind for longest is so")
                .register(meters);
        FunctionCounter.builder("mainstay.push.updates", push, p -> p.totals().pushes())
                .register(meters);
        FunctionCounter.builder("mainstay.push.full", push, p -> p.totals().full())
                .description("updates that said everything")
                .register(meters);
        FunctionCounter.builder("mainstay.push.merged", push, p -> p.totals().merged())
                .description("updates that covered more than one round of pushes")
                .register(meters);
        FunctionCounter.builder("mainstay.push.sent", push, p -> p.totals().bytes())
                .baseUnit("bytes")
                .register(meters);
        FunctionCounter.builder("mainstay.push.waits", push, p -> p.totals().waits())
                .description("how often a subscriber could not take an update")
                .register(meters);
    }

    /// @param open streams that are open now
    void streams(IntSupplier open) {
        Gauge.builder("mainstay.push.streams", open, IntSupplier::getAsInt)
                .strongReference(true)
                .register(meters);
    }

    void alarm(ResourceAlarm alarm) {
        MemoryAlarm memory = alarm.memory();
        Gauge.builder("mainstay.memory.low", memory, m -> m.low() ? 1 : 0)
                .description("whether publishers wait because memory is short")
                .register(meters);
        Gauge.builder("mainstay.memory.live", memory, MemoryAlarm::usedBytes)
                .baseUnit("bytes")
                .description("what is needed of heap and buffers, garbage not among it")
                .register(meters);
        Gauge.builder("mainstay.memory.watermark", memory, MemoryAlarm::limitBytes)
                .baseUnit("bytes")
                .register(meters);
    }

    void tracing(Tracing tracing) {
        FunctionCounter.builder("mainstay.traces.sent", tracing, Tracing::sent)
                .description("spans that the collector has taken")
                .register(meters);
        FunctionCounter.builder("mainstay.traces.lost", tracing, Tracing::lost)
                .description(
                        "spans that the collector has not taken or that were too many under way")
                .register(meters);
    }

    private static double count(Registry registry, InstanceStatus status) {
        double count = 0;
        for (String namespace : registry.namespaces()) {
            count += registry.view(namespace).statusCounts().getOrDefault(status, 0);
        }
        return count;
    }

    private static double protectedScopes(Registry registry) {
        var view = registry.protection();
        return view.services().size() + (view.global().tripped() ? 1 : 0);
    }

    /// All metrics in Prometheus' text format.
    String scrape() {
        return meters.scrape();
    }

    @Override
    public void close() {
        gc.close();
        meters.close();
    }
}
