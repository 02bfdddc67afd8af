package io.mainstay.head.eureka;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// One item of a peer's batch as it wrote it: `appName`, `id`, `lastDirtyTimestamp`, `overriddenStatus`, `status`, `action`, and for a
/// registration `instanceInfo`.
final class ReplicationItem {

    private final Map<String, String> fields = new HashMap<>();
    private @Nullable InstanceDocument instance;

    void put(String name, String value) {
        fields.put(name, value);
    }

    void instance(InstanceDocument document) {
        this.instance = document;
    }

    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    @Nullable InstanceDocument instance() {
        return instance;
    }
}
