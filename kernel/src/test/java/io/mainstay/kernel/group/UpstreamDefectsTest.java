package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.Voters.Voter;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.SystemThreads;
import io.mainstay.platform.sim.SimClock;
import io.mainstay.platform.sim.SimDisk;

import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.raft.ElectionState;
import org.apache.kafka.raft.QuorumState;
import org.apache.kafka.raft.VoterSet;
import org.apache.kafka.raft.generated.QuorumStateData;
import org.apache.kafka.raft.internals.KRaftControlRecordStateMachine;
import org.apache.kafka.raft.internals.KafkaRaftMetrics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Defects of the engine that are cured from outside. Each test shows the defect and the cure: when the first half fails, upstream has
/// repaired it and the cure can go.
class UpstreamDefectsTest {

    private static final Voters ALL = SimMember.voters(3);

    private Platform platform;
    private SegmentedJournal journal;

    @BeforeEach
    void open() throws IOException {
        platform =
                new Platform(
                        new SimClock(0),
                        new SplittableRandom(1),
                        new SimDisk(64 << 20),
                        new SystemThreads());
        new NodeIdentity(1, 0, "simulated", ALL.all().getFirst().directoryId())
                .write(platform.disk());
        journal = SegmentedJournal.open(new JournalConfig(64 << 10, 0), platform);
    }

    private static VoterSet voters(int... ids) {
        return new Voters(
                        java.util.Arrays.stream(ids)
                                .mapToObj(id -> (Voter) ALL.all().get(id - 1))
                                .toList())
                .set();
    }

    private static void append(GroupLog log, VoterSet voters) {
        log.appendAsFollower(
                MemoryRecords.withVotersRecord(
                        log.endOffset().offset(),
                        0,
                        1,
                        ByteBuffer.allocate(1024),
                        voters.toVotersRecord((short) 0)),
                1);
    }

    @Test
    void votersWrittenAgainAfterACutAreNotSeen() throws IOException {
        journal.replay((type, group, base, last, epoch, end, payload) -> {});
        GroupWiring wiring = new GroupWiring(PeerLink.NONE);
        GroupParts parts = GroupParts.make(0, 1, platform, journal, new BodyCache(0, 1), wiring);
        parts.beginIfNew(new Voters(List.of(ALL.all().getFirst())));
        GroupLog log = parts.log();
        KRaftControlRecordStateMachine records =
                new KRaftControlRecordStateMachine(
                        VoterSet.empty(),
                        log,
                        EntrySerde.INSTANCE,
                        1 << 20,
                        new LogContext(),
                        new KafkaRaftMetrics(new Metrics(), "raft"),
                        ignored -> {});
        append(log, voters(1, 2));
        records.updateState();
        assertThat(records.lastVoterSet().voterIds()).containsExactlyInAnyOrder(1, 2);
        log.truncateTo(0);
        records.truncateNewEntries(0);

        append(log, voters(1, 3));
        records.updateState();
        assertThat(records.lastVoterSet().voterIds()).as("the defect").containsExactly(1);

        EngineAccess.cutControlRecords(records, 0);
        records.updateState();
        assertThat(records.lastVoterSet().voterIds())
                .as("the cure")
                .containsExactlyInAnyOrder(1, 3);
    }

    /// Voted for itself in term 5, lost, followed node 2, and starts again.
    private static ByteBuffer lostElection() {
        return MessageUtil.toVersionPrefixedByteBuffer(
                (short) 1,
                new QuorumStateData()
                        .setLeaderEpoch(5)
                        .setLeaderId(2)
                        .setVotedId(1)
                        .setVotedDirectoryId(ALL.all().getFirst().directoryId()));
    }

    private QuorumState start(boolean cured) throws IOException {
        GroupWiring wiring =
                new GroupWiring(PeerLink.NONE) {
                    @Override
                    Voters founders(NodeIdentity identity) {
                        return ALL;
                    }

                    @Override
                    JournalStateStore store(int group, int nodeId, Journal journal) {
                        JournalStateStore store = cured ? cure(nodeId) : asStored(nodeId);
                        store.replayed(lostElection());
                        return store;
                    }
                };
        RaftGroupsConfig config =
                new RaftGroupsConfig(1, 0, 1 << 20, java.time.Duration.ofHours(1), 1 << 20);
        RaftGroups groups =
                RaftGroups.open(
                        config,
                        platform,
                        journal,
                        id -> List.of(new LedgerWorkload.Ledger()),
                        wiring);
        return EngineAccess.quorum(groups.engines.getFirst().client());
    }

    private JournalStateStore cure(int nodeId) {
        return new JournalStateStore(0, nodeId, journal);
    }

    private JournalStateStore asStored(int nodeId) {
        return new JournalStateStore(0, nodeId, journal) {
            @Override
            public Optional<ElectionState> readElectionState() {
                ByteBuffer bytes = lostElection();
                short version = bytes.getShort();
                return Optional.of(
                        ElectionState.fromQuorumStateData(
                                new QuorumStateData(new ByteBufferAccessor(bytes), version)));
            }
        };
    }

    @Test
    void aCandidateThatLostComesUpAsCandidateOfTheSameTerm() throws IOException {
        QuorumState quorum = start(false);
        assertThat(quorum.isCandidate()).as("the defect").isTrue();
        assertThat(quorum.epoch()).isEqualTo(5);
    }

    @Test
    void withTheCureItComesUpWithoutLeaderInTheSameTerm() throws IOException {
        QuorumState quorum = start(true);
        assertThat(quorum.isUnattached()).isTrue();
        assertThat(quorum.epoch()).isEqualTo(5);
    }

    @Test
    void aVoteForSomebodyElseIsKept() {
        JournalStateStore store = cure(3);
        store.replayed(lostElection());
        ElectionState state = store.readElectionState().orElseThrow();
        assertThat(state.hasLeader()).isFalse();
        assertThat(state.votedKey().id()).isEqualTo(1);
    }
}
