package io.mainstay.kernel.group;

import java.time.Duration;

/// @param nodeId this node's id among voters, 1 and up
/// @param dataGroups data groups beside `meta`; fixed when the data directory is made
/// @param memoryGroups groups behind the data groups, for what need not survive a start: there nothing of [Durability#LEADER_MEMORY] has anything
///     in front of it that waits for a sync
/// @param snapshotLogBytes bytes of log after which a group takes a snapshot (more if its state is larger than half of that), and bytes of
///     journal that it may hold back from its neighbours
/// @param snapshotInterval time after which a group that changed takes a snapshot
/// @param maxBytesUnderWay bytes of proposals that one group has taken and not answered; more are refused
public record RaftGroupsConfig(
        int nodeId,
        int dataGroups,
        int memoryGroups,
        long snapshotLogBytes,
        Duration snapshotInterval,
        long maxBytesUnderWay) {

    /// Without memory groups.
    public RaftGroupsConfig(
            int nodeId,
            int dataGroups,
            long snapshotLogBytes,
            Duration snapshotInterval,
            long maxBytesUnderWay) {
        this(nodeId, dataGroups, 0, snapshotLogBytes, snapshotInterval, maxBytesUnderWay);
    }

    /// All groups, `meta` among them.
    int groups() {
        return 1 + dataGroups + memoryGroups;
    }

    /// What users are shown: `meta`, the number of a data group, or `memory`.
    String nameOf(int group) {
        if (group == 0) {
            return "meta";
        }
        int ofMemory = group - dataGroups;
        return ofMemory <= 0
                ? Integer.toString(group)
                : memoryGroups == 1 ? "memory" : "memory " + ofMemory;
    }

    private static final int SPAN_PER_SNAPSHOT = 4;

    /// What bodies may hold back of the journal, beside three times their own size, before the oldest are moved to its end.
    long bodySpanBytes() {
        return SPAN_PER_SNAPSHOT * Math.min(snapshotLogBytes, Long.MAX_VALUE >> 4);
    }

    public static final RaftGroupsConfig DEFAULT =
            new RaftGroupsConfig(1, 8, 1, 64L << 20, Duration.ofSeconds(30), 64L << 20);
}
