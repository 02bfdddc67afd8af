package io.mainstay.kernel.group;

import io.mainstay.kernel.group.GroupApply.SnapshotTaken;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Platform;

import org.apache.kafka.common.memory.MemoryPool;

import java.io.IOException;
import java.util.List;

/// What the groups of this node are put together from, at its start and again when one is rebuilt.
///
/// @param bodyFiles by group
record GroupAssembly(
        RaftGroupsConfig config,
        Platform platform,
        Journal journal,
        GroupWiring wiring,
        NodeIdentity identity,
        Voters founders,
        MemoryPool pool,
        BodyCache bodyCache,
        List<BodyFiles> bodyFiles,
        Outbox outbox,
        Wake driver,
        Wake apply) {

    /// Parts that know nothing of the journal yet: its records are replayed into them.
    GroupParts parts(int id) throws IOException {
        return GroupParts.make(id, identity.nodeId(), platform, journal, bodyCache, bodyFiles.get(id), wiring);
    }

    LocalGroup group(GroupParts parts) {
        return new LocalGroup(
                parts.id(),
                config,
                journal,
                parts.log(),
                parts.bodies(),
                platform.clock(),
                wiring.rules(),
                driver,
                apply);
    }

    GroupApply applier(LocalGroup group, GroupParts parts, Machines machines, SnapshotTaken taken) {
        return new GroupApply(
                group, parts.log(), machines, parts.snapshots(), parts.bodies(), config, taken);
    }

    GroupEngine engine(LocalGroup group, GroupParts parts) {
        return parts.engine(group, identity, founders, pool, platform, outbox, wiring, apply);
    }
}
