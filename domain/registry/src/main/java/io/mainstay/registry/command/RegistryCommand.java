package io.mainstay.registry.command;

import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;

import java.util.SortedMap;

/// A change of membership, as it stands in the log of the service's raft group. Renewals are no commands: leases are soft.
///
/// Every command may be applied twice with the same end: after an unknown outcome it is simply sent again.
public sealed interface RegistryCommand {

    record Register(Registration registration) implements RegistryCommand {}

    record Cancel(InstanceKey key) implements RegistryCommand {}

    /// Ends a lease that ran out.
    ///
    /// @param registration offset of the registration that is meant; a newer one stays
    record Evict(InstanceKey key, long registration) implements RegistryCommand {}

    record Override(InstanceKey key, InstanceStatus status) implements RegistryCommand {}

    record ClearOverride(InstanceKey key, InstanceStatus declared) implements RegistryCommand {}

    record PutMetadata(InstanceKey key, SortedMap<String, String> entries)
            implements RegistryCommand {}

    /// Turns protection on or off for the whole node set; kept in the lowest raft group that hosts a registry.
    record EnableProtection(boolean enabled) implements RegistryCommand {}
}
