package io.mainstay.registry.api;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SortedMap;

/// All services of one namespace at one moment, with the recent changes that lead to it. Immutable, built on each change, read
/// without a lock.
///
/// @param sequence counts this node's views of this namespace from 1; never decreases while the process lives
/// @param services by name
/// @param statusCounts how many instances have each status, over the whole namespace: Eureka's hash is computed from it, so
///     it belongs to exactly this view
/// @param recent the last change of each instance that changed within the delta window (180 s), oldest first, one entry for each
///     instance
public record RegistryView(
        String namespace,
        long sequence,
        SortedMap<String, ServiceView> services,
        SortedMap<InstanceStatus, Integer> statusCounts,
        List<Change> recent) {

    public @Nullable ServiceView service(String name) {
        return services.get(name);
    }

    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }

    /// @param instance the instance after the change; for `DELETED` as it was last
    /// @param sequence the view in which it first showed
    /// @param atMs leader's time
    public record Change(Kind kind, Instance instance, long sequence, long atMs) {}
}
