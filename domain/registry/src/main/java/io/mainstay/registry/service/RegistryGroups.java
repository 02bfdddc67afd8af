package io.mainstay.registry.service;

import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.placement.SlotMap;

import java.util.function.IntFunction;

/// The raft groups that hold the registry: data groups 1 to `dataGroups`.
///
/// @param slots which group holds a service
/// @param group asked from [RegistryService#start()] on, not before
public record RegistryGroups(int dataGroups, SlotMap slots, IntFunction<RaftGroup> group) {

    /// @param groups may still be under construction when this is made: it is asked from the start on
    public static RegistryGroups of(
            int dataGroups, java.util.function.Supplier<RaftGroups> groups) {
        return new RegistryGroups(
                dataGroups, new SlotMap(dataGroups), id -> groups.get().group(id));
    }
}
