package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.apache.kafka.server.common.OffsetAndEpoch;

import java.io.IOException;

/// How the raft groups of a node are put together and with whom they talk. A test replaces parts of it.
class GroupWiring {

    private final PeerLink link;

    GroupWiring(PeerLink link) {
        this.link = link;
    }

    PeerLink link() {
        return link;
    }

    /// No other node waits for what this one says.
    boolean alone() {
        return link == PeerLink.NONE;
    }

    EngineTimes times() {
        return EngineTimes.DEFAULT;
    }

    HoldRules rules() {
        return new HoldRules();
    }

    BodyCache bodyCache() {
        return new BodyCache(BodyCache.USUAL_BYTES, BodyCache.USUAL_RUN);
    }

    /// The voters of a group that has no log yet.
    Voters founders(NodeIdentity identity) {
        return Voters.alone(identity);
    }

    GroupLog log(int group, Journal journal, Snapshots snapshots) {
        return new GroupLog(group, journal, snapshots);
    }

    JournalStateStore store(int group, int nodeId, Journal journal) {
        return new JournalStateStore(group, nodeId, journal);
    }

    /// The machines' state of a snapshot that a leader offers to this member.
    ///
    /// @throws IOException if it cannot be had: the group is fenced
    Snapshots.State stateOf(int group, OffsetAndEpoch id) throws IOException {
        throw new IOException(
                "group "
                        + group
                        + ": the state at offset "
                        + id.offset()
                        + " lies on another node and cannot be fetched from there");
    }
}
