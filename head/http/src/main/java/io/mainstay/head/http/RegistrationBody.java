package io.mainstay.head.http;

import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.Registration;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// A registration by hand: `host`, `port`, `leaseDurationMs` (30,000 if absent), `metadata`. The registry says what cannot be taken.
final class RegistrationBody {

    private static final int USUAL_LEASE_MS = 30_000;
    private static final int BEATS_PER_LEASE = 3;
    private static final int USUAL_WEIGHT = 100;

    private RegistrationBody() {}

    static Registration of(InstanceKey key, JsonNode body) {
        String host = body.path("host").asString("");
        int port = body.path("port").asInt(0);
        int durationMs = body.path("leaseDurationMs").asInt(USUAL_LEASE_MS);
        SortedMap<String, String> metadata = new TreeMap<>();
        body.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asString("")));
        return new Registration(
                key,
                key.instanceId(),
                host,
                host,
                new Endpoint(port, true),
                new Endpoint(0, false),
                key.service().toLowerCase(java.util.Locale.ROOT),
                "",
                metadata.getOrDefault("zone", ""),
                USUAL_WEIGHT,
                Collections.emptySortedMap(),
                metadata,
                Collections.emptySortedMap(),
                InstanceStatus.UP,
                null,
                new Lease(Math.max(durationMs / BEATS_PER_LEASE, 1), durationMs),
                0);
    }
}
