package io.mainstay.server.node;

import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.service.MessagingTotals;
import io.mainstay.platform.Clock;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RegistryTotals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The figures of the admin API's overview.
final class NodeOverview {

    private final String nodeId;
    private final String version;
    private final RaftGroups groups;
    private final Journal journal;
    private final Registry registry;
    private final Messaging messaging;
    private final MessagingTotals totals;
    private final Supplier<Map<String, String>> addresses;
    private final Clock clock;
    private final long startedNanos;

    /// @param addresses URL of each head that listens, by its name
    NodeOverview(
            String nodeId,
            String version,
            RaftGroups groups,
            Journal journal,
            Registry registry,
            Messaging messaging,
            Supplier<Map<String, String>> addresses,
            Clock clock) {
        this.nodeId = nodeId;
        this.version = version;
        this.groups = groups;
        this.journal = journal;
        this.registry = registry;
        this.messaging = messaging;
        this.totals = new MessagingTotals(messaging);
        this.addresses = addresses;
        this.clock = clock;
        this.startedNanos = clock.nanoTime();
    }

    Map<String, Object> now() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", nodeId);
        fields.put("version", version);
        fields.put("uptimeMs", (clock.nanoTime() - startedNanos) / 1_000_000);
        fields.put("addresses", addresses.get());
        Runtime runtime = Runtime.getRuntime();
        fields.put(
                "memory",
                Map.of(
                        "heapUsedBytes",
                        runtime.totalMemory() - runtime.freeMemory(),
                        "heapMaxBytes",
                        runtime.maxMemory()));
        fields.put("journal", journal.stats());
        List<Object> states = new ArrayList<>();
        for (int id = 0; id < groups.count(); id++) {
            states.add(groups.group(id).status());
        }
        fields.put("groups", states);
        fields.put("registry", registry());
        fields.put("messaging", messaging());
        return fields;
    }

    private Map<String, Object> messaging() {
        MessagingTotals.Now now = totals.now();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("connections", messaging.clients().connections().size());
        fields.put("queues", now.queues());
        fields.put("consumers", now.consumers());
        fields.put("ready", now.ready());
        fields.put("unacked", now.unacked());
        fields.put("bytes", now.bytes());
        fields.put("published", now.counts().published());
        fields.put("delivered", now.counts().delivered());
        fields.put("acked", now.counts().acked());
        fields.put("redelivered", now.counts().redelivered());
        fields.put("duplicates", now.counts().duplicates());
        return fields;
    }

    private Map<String, Object> registry() {
        int services = 0;
        int instances = 0;
        Map<InstanceStatus, Integer> statuses = new TreeMap<>();
        for (String namespace : registry.namespaces()) {
            var view = registry.view(namespace);
            services += view.services().size();
            for (var status : view.statusCounts().entrySet()) {
                instances += status.getValue();
                statuses.merge(status.getKey(), status.getValue(), Integer::sum);
            }
        }
        RegistryTotals totals = registry.totals();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("services", services);
        fields.put("instances", instances);
        fields.put("statuses", statuses);
        fields.put("beats", totals.beats());
        fields.put("changes", totals.changes());
        return fields;
    }
}
