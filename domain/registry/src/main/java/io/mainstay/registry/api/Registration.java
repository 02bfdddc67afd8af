package io.mainstay.registry.api;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;

/// What a client sends to register an instance; fields as in [Instance].
///
/// @param override kept only if the registry holds none for this instance (Eureka clients send theirs back)
public record Registration(
        InstanceKey key,
        String holder,
        String host,
        String ip,
        Instance.Endpoint port,
        Instance.Endpoint securePort,
        String vip,
        String secureVip,
        String zone,
        int weight,
        SortedMap<String, String> labels,
        SortedMap<String, String> metadata,
        SortedMap<String, String> attributes,
        InstanceStatus declared,
        @Nullable InstanceStatus override,
        Lease lease,
        long ownerStampMs) {

    /// The same of an owner that says another status.
    public Registration withDeclared(InstanceStatus status) {
        return new Registration(
                key,
                holder,
                host,
                ip,
                port,
                securePort,
                vip,
                secureVip,
                zone,
                weight,
                labels,
                metadata,
                attributes,
                status,
                override,
                lease,
                ownerStampMs);
    }
}
