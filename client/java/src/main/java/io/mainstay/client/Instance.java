package io.mainstay.client;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// One instance of a service. Immutable; equal on every member.
///
/// @param service lower case; names of services are compared without case
/// @param instanceId unique within the service
/// @param host host name; `ip` address in text
/// @param port plain port, `securePort` TLS port; 0: none
/// @param zone empty if unknown
/// @param weight share of traffic, 0 to 10,000; 100 is usual
/// @param labels selectable properties
/// @param metadata free text of the owner
/// @param status of a registration: what the owner says; of a view: what holds, an operator's word included
/// @param revision raft offset of its last change; 0 in a registration
public record Instance(
        String service,
        String instanceId,
        String host,
        String ip,
        int port,
        int securePort,
        String zone,
        int weight,
        SortedMap<String, String> labels,
        SortedMap<String, String> metadata,
        InstanceStatus status,
        long revision) {

    public static final int USUAL_WEIGHT = 100;
    public static final int MAX_WEIGHT = 10_000;

    /// @throws IllegalArgumentException with a sentence if a member cannot be
    public Instance {
        if (service.isBlank() || instanceId.isBlank() || host.isBlank()) {
            throw new IllegalArgumentException(
                    "An instance has a service, an instance id and a host.");
        }
        service = service.toLowerCase(Locale.ROOT);
        requirePort("port", port);
        requirePort("securePort", securePort);
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "The weight is %d; allowed are 0 to %d.".formatted(weight, MAX_WEIGHT));
        }
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "%s is %d; allowed are 0 (none) to 65535.".formatted(name, port));
        }
    }

    public static Builder of(String service, String instanceId, String host, int port) {
        return new Builder(service, instanceId, host, port);
    }

    public Instance withStatus(InstanceStatus other) {
        return new Instance(
                service,
                instanceId,
                host,
                ip,
                port,
                securePort,
                zone,
                weight,
                labels,
                metadata,
                other,
                revision);
    }

    /// The port to call: the TLS port if there is one.
    public int callPort() {
        return securePort > 0 ? securePort : port;
    }

    public boolean secure() {
        return securePort > 0;
    }

    /// Collects what an instance may say beside the necessary.
    public static final class Builder {
        private final String service;
        private final String instanceId;
        private final String host;
        private final int port;
        private String ip;
        private int securePort;
        private String zone = "";
        private int weight = USUAL_WEIGHT;
        private final Map<String, String> labels = new TreeMap<>();
        private final Map<String, String> metadata = new TreeMap<>();
        private InstanceStatus status = InstanceStatus.UP;

        private Builder(String service, String instanceId, String host, int port) {
            this.service = service;
            this.instanceId = instanceId;
            this.host = host;
            this.ip = host;
            this.port = port;
        }

        public Builder ip(String address) {
            ip = address;
            return this;
        }

        public Builder securePort(int number) {
            securePort = number;
            return this;
        }

        public Builder zone(String name) {
            zone = name;
            return this;
        }

        public Builder weight(int share) {
            weight = share;
            return this;
        }

        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        public Builder labels(Map<String, String> entries) {
            labels.putAll(entries);
            return this;
        }

        public Builder metadata(String key, String value) {
            metadata.put(key, value);
            return this;
        }

        public Builder metadata(Map<String, String> entries) {
            metadata.putAll(entries);
            return this;
        }

        public Builder status(InstanceStatus first) {
            status = first;
            return this;
        }

        /// @throws IllegalArgumentException with a sentence if a member cannot be
        public Instance build() {
            return new Instance(
                    service,
                    instanceId,
                    host,
                    ip,
                    port,
                    securePort,
                    zone,
                    weight,
                    new TreeMap<>(labels),
                    new TreeMap<>(metadata),
                    status,
                    0);
        }
    }
}
