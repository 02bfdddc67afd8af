package io.mainstay.registry.api;

import java.util.List;

/// One service at one revision. Immutable.
///
/// @param revision raft offset of the service's last change, equal on every member
/// @param instances in order of instance id
public record ServiceView(
        String namespace, String service, long revision, List<Instance> instances) {}
