package io.mainstay.registry;

import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.Registration;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Registrations for tests.
public final class Samples {
    private Samples() {}

    public static InstanceKey key(String service, String id) {
        return new InstanceKey(InstanceKey.DEFAULT_NAMESPACE, service, id);
    }

    public static Registration registration(InstanceKey key, InstanceStatus status, Lease lease) {
        return registration(key, status, lease, 0);
    }

    /// An instance that is UP in a zone; odd versions are labels, even ones metadata, as Eureka has it.
    public static Registration registration(
            String service, String id, String zone, String version) {
        SortedMap<String, String> named = new TreeMap<>(java.util.Map.of("version", version));
        boolean odd = Integer.parseInt(version) % 2 == 1;
        return new Registration(
                key(service, id),
                id,
                "host",
                "127.0.0.1",
                new Endpoint(8080, true),
                new Endpoint(443, false),
                "",
                "",
                zone,
                100,
                odd ? named : Collections.emptySortedMap(),
                odd ? Collections.emptySortedMap() : named,
                Collections.emptySortedMap(),
                InstanceStatus.UP,
                null,
                new Lease(1_000, 5_000),
                0);
    }

    public static Registration registration(
            InstanceKey key, InstanceStatus status, Lease lease, long ownerStampMs) {
        SortedMap<String, String> metadata =
                new TreeMap<>(java.util.Map.of("a", "1", "größe", "\u2603"));
        return new Registration(
                key,
                key.instanceId(),
                "host",
                "127.0.0.1",
                new Endpoint(8080, true),
                new Endpoint(443, false),
                "vip",
                "",
                "zone-1",
                100,
                Collections.emptySortedMap(),
                metadata,
                new TreeMap<>(java.util.Map.of("eureka.homePageUrl", "http://host/")),
                status,
                null,
                lease,
                ownerStampMs);
    }
}
