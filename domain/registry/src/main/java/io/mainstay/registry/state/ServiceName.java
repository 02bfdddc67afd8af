package io.mainstay.registry.state;

import io.mainstay.registry.api.InstanceKey;

/// Names one service.
public record ServiceName(String namespace, String service) implements Comparable<ServiceName> {

    public static ServiceName of(InstanceKey key) {
        return new ServiceName(key.namespace(), key.service());
    }

    @Override
    public int compareTo(ServiceName other) {
        int order = namespace.compareTo(other.namespace);
        return order != 0 ? order : service.compareTo(other.service);
    }

    @Override
    public String toString() {
        return namespace + "/" + service;
    }
}
