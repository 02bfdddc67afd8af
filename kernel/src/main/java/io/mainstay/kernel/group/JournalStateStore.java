package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.RecordType;

import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.raft.ElectionState;
import org.apache.kafka.raft.QuorumStateStore;
import org.apache.kafka.raft.generated.QuorumStateData;
import org.apache.kafka.server.common.KRaftVersion;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// A group's term, vote and leader as records of the journal, in order with its batches. Driver thread only.
class JournalStateStore implements QuorumStateStore {

    private final int group;
    private final int nodeId;
    private final Journal journal;
    private @Nullable ByteBuffer encoded;
    private long writtenAt;

    JournalStateStore(int group, int nodeId, Journal journal) {
        this.group = group;
        this.nodeId = nodeId;
        this.journal = journal;
    }

    /// The last state that the journal holds; called for each record of a replay.
    void replayed(ByteBuffer payload) {
        encoded = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
    }

    @Override
    public Optional<ElectionState> readElectionState() {
        if (encoded == null) {
            return Optional.empty();
        }
        ByteBuffer bytes = encoded.duplicate();
        short version = bytes.getShort();
        return Optional.of(
                atStart(
                        ElectionState.fromQuorumStateData(
                                new QuorumStateData(new ByteBufferAccessor(bytes), version))));
    }

    /// What is told to an engine that starts: of a term that another member won, neither that leader nor our vote for ourselves. The
    /// engine would come up as candidate of a term that it lost, or follow a leader that it cannot find. Forgetting is safe: that term's
    /// election is over. A vote for somebody else is kept.
    private ElectionState atStart(ElectionState stored) {
        if (!stored.hasLeader() || stored.isLeader(nodeId)) {
            return stored;
        }
        return stored.optionalVotedKey()
                .filter(voted -> voted.id() != nodeId)
                .map(voted -> ElectionState.withVotedCandidate(stored.epoch(), voted, Set.of()))
                .orElseGet(() -> ElectionState.withUnknownLeader(stored.epoch(), Set.of()));
    }

    /// The journal position behind the last state that was written; 0 if it was written by an earlier process.
    long writtenAt() {
        return writtenAt;
    }

    @Override
    public void writeElectionState(ElectionState state, KRaftVersion kraftVersion) {
        short version = kraftVersion.quorumStateVersion();
        encoded =
                MessageUtil.toVersionPrefixedByteBuffer(version, state.toQuorumStateData(version));
        writeAgain();
    }

    /// Puts the present state at the end of the journal, so that older segments can go.
    void writeAgain() {
        if (encoded != null) {
            writtenAt =
                    journal.append(
                            RecordType.ELECTION_STATE, group, 0, 0, 0, encoded.duplicate(), true);
        }
    }

    @Override
    public Path path() {
        return Path.of("journal");
    }

    @Override
    public void clear() {
        encoded = null;
    }
}
