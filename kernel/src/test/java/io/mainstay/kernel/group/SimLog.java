package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.raft.LogAppendInfo;
import org.apache.kafka.raft.LogFetchInfo;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotWriter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// A group's log that shows its snapshots to the checker: the same snapshot has the same state on every member.
class SimLog extends GroupLog implements RaftLog {

    private final int group;
    private final Snapshots snapshots;
    private final SimChecker checker;
    Breaker breaker = new Breaker(() -> {});

    SimLog(int group, Journal journal, Snapshots snapshots, SimChecker checker) {
        super(group, journal, snapshots);
        this.group = group;
        this.snapshots = snapshots;
        this.checker = checker;
    }

    @Override
    public Optional<RawSnapshotWriter> createNewSnapshot(OffsetAndEpoch id) {
        Optional<RawSnapshotWriter> writer = super.createNewSnapshot(id);
        if (writer.isPresent()) {
            try {
                checker.snapshot(group, id, snapshots.readState(id));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return writer;
    }

    @Override
    public LogAppendInfo appendAsLeader(Records records, int epoch) {
        breaker.pass(Breaker.Part.APPEND);
        LogAppendInfo appended = super.appendAsLeader(records, epoch);
        breaker.pass(Breaker.Part.APPENDED);
        return appended;
    }

    @Override
    public LogAppendInfo appendAsFollower(Records records, int epoch) {
        breaker.pass(Breaker.Part.APPEND);
        LogAppendInfo appended = super.appendAsFollower(records, epoch);
        breaker.pass(Breaker.Part.APPENDED);
        return appended;
    }

    @Override
    public LogFetchInfo read(long start, Isolation isolation, int maxBytes) {
        breaker.pass(Breaker.Part.READ);
        return super.read(start, isolation, maxBytes);
    }

    @Override
    public void truncateTo(long offset) {
        if (offset < endOffset().offset()) {
            checker.counts.truncations++;
        }
        super.truncateTo(offset);
    }

    @Override
    public boolean truncateToLatestSnapshot() {
        boolean installed = super.truncateToLatestSnapshot();
        if (installed) {
            checker.counts.installs++;
        }
        return installed;
    }
}
