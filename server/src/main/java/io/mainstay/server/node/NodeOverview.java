package io.mainstay.server.node;

import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Clock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The figures of the admin API's overview.
final class NodeOverview {

    private final String nodeId;
    private final String version;
    private final RaftGroups groups;
    private final Journal journal;
    private final Clock clock;
    private final long startedNanos;

    NodeOverview(String nodeId, String version, RaftGroups groups, Journal journal, Clock clock) {
        this.nodeId = nodeId;
        this.version = version;
        this.groups = groups;
        this.journal = journal;
        this.clock = clock;
        this.startedNanos = clock.nanoTime();
    }

    Map<String, Object> now() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", nodeId);
        fields.put("version", version);
        fields.put("uptimeMs", (clock.nanoTime() - startedNanos) / 1_000_000);
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
        return fields;
    }
}
