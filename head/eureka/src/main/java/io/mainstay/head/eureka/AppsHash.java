package io.mainstay.head.eureka;

import io.mainstay.registry.api.InstanceStatus;

import java.util.Map;
import java.util.TreeMap;

/// Eureka's hash of a registry: `STATUS_count_` for each status that occurs, by name. A client counts its own copy after a delta, and fetches
/// everything if the texts differ.
final class AppsHash {

    private AppsHash() {}

    static String of(Map<InstanceStatus, Integer> counts) {
        TreeMap<String, Integer> byName = new TreeMap<>();
        counts.forEach((status, count) -> byName.put(status.name(), count));
        StringBuilder hash = new StringBuilder();
        byName.forEach(
                (status, count) -> {
                    if (count > 0) {
                        hash.append(status).append('_').append(count).append('_');
                    }
                });
        return hash.toString();
    }
}
