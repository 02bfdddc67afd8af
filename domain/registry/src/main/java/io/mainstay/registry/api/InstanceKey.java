package io.mainstay.registry.api;

/// Names one instance.
///
/// @param namespace isolates names and permissions; `default` unless a client says otherwise
/// @param service upper case, as Eureka writes it; compared as it is
/// @param instanceId unique within the service; may contain `:`, `#`, `[`, `?` and `/`
public record InstanceKey(String namespace, String service, String instanceId)
        implements Comparable<InstanceKey> {

    public static final String DEFAULT_NAMESPACE = "default";

    @Override
    public int compareTo(InstanceKey other) {
        int order = namespace.compareTo(other.namespace);
        if (order == 0) {
            order = service.compareTo(other.service);
        }
        return order != 0 ? order : instanceId.compareTo(other.instanceId);
    }

    @Override
    public String toString() {
        return namespace + "/" + service + "/" + instanceId;
    }
}
