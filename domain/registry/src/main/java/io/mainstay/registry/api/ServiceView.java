package io.mainstay.registry.api;

import java.util.List;
import java.util.Map;

/// One service at one revision. Immutable.
///
/// @param revision raft offset of the service's last change, equal on every member
/// @param instances in order of instance id
/// @param statusCounts how many of them have each status, without zeros
public record ServiceView(
        String namespace,
        String service,
        long revision,
        List<Instance> instances,
        Map<InstanceStatus, Integer> statusCounts) {}
