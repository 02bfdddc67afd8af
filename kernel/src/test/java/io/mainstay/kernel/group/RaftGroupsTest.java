package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One voter on a real disk: what was acknowledged is there after every kind of start.
class RaftGroupsTest {

    private static final JournalConfig JOURNAL = new JournalConfig(1 << 20, 0);

    @TempDir Path directory;

    private SegmentedJournal journal;
    private RaftGroups groups;
    private final List<ProbeMachine> machines = new ArrayList<>();
    private long snapshotLogBytes = Long.MAX_VALUE;

    @BeforeEach
    void open() throws Exception {
        Platform platform = RealPlatform.at(directory);
        machines.clear();
        journal = SegmentedJournal.open(JOURNAL, platform);
        RaftGroupsConfig config =
                new RaftGroupsConfig(1, 3, snapshotLogBytes, Duration.ofHours(1), 16L << 20);
        groups =
                RaftGroups.open(
                        config,
                        platform,
                        journal,
                        id -> {
                            ProbeMachine machine = new ProbeMachine();
                            machines.add(machine);
                            return List.of(machine);
                        });
        groups.start();
        assertThat(groups.awaitReady(Duration.ofSeconds(60))).isTrue();
    }

    @AfterEach
    void close() throws Exception {
        groups.close();
        journal.close();
    }

    private CompletableFuture<Outcome> propose(int group, long... values) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Proposal proposal = new Proposal(Durability.QUORUM_FSYNC, outcome::complete);
        for (long value : values) {
            proposal.add(MachineId.PROBE, 1, ByteBuffer.allocate(8).putLong(value).flip());
        }
        groups.group(group).propose(proposal);
        return outcome;
    }

    private static Outcome get(CompletableFuture<Outcome> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private List<Long> digests(int group) throws Exception {
        return groups.digests(group).get(60, TimeUnit.SECONDS);
    }

    @Test
    void aProposalIsAnsweredWithAReplyForEachCommandAndTheViewShowsIt() throws Exception {
        Outcome outcome = get(propose(1, 7, 8, 9));
        assertThat(outcome).isInstanceOf(Outcome.Applied.class);
        assertThat(((Outcome.Applied) outcome).replies()).containsExactly(1L, 2L, 3L);
        assertThat(machines.get(1).publishedCount).isEqualTo(3);
        assertThat(groups.group(1).status().role()).isEqualTo(RaftGroup.Role.LEADER);
    }

    @Test
    void acknowledgedCommandsAreThereAfterARestart() throws Exception {
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            all.add(propose(i % 4, i));
        }
        for (CompletableFuture<Outcome> one : all) {
            assertThat(get(one)).isInstanceOf(Outcome.Applied.class);
        }
        List<Long> before = digests(2);
        for (int restart = 0; restart < 3; restart++) {
            close();
            open();
            assertThat(digests(2)).isEqualTo(before);
            assertThat(machines.get(2).publishedCount).isEqualTo(1_250);
        }
    }

    @Test
    void aSnapshotReplacesTheLogBelowIt() throws Exception {
        close();
        snapshotLogBytes = 20_000;
        open();
        for (int i = 0; i < 20_000; i++) {
            CompletableFuture<Outcome> one = propose(1, i);
            if (i % 200 == 0) {
                get(one);
            }
        }
        get(propose(1, -1));
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> groups.group(1).status().logStartOffset() > 0);
        List<Long> before = digests(1);
        long count = machines.get(1).publishedCount;
        close();
        open();
        assertThat(digests(1)).isEqualTo(before);
        assertThat(machines.get(1).publishedCount).isEqualTo(count);
        assertThat(get(propose(1, 1))).isInstanceOf(Outcome.Applied.class);
        assertThat(groups.group(1).status().snapshotOffset()).isPositive();
    }

    @Test
    void oneGroupIsFencedAndTheOthersGoOn() throws Exception {
        assertThat(get(propose(2, Long.MIN_VALUE))).isInstanceOf(Outcome.Unknown.class);
        assertThat(groups.group(2).status().role()).isNotEqualTo(RaftGroup.Role.LEADER);
        assertThat(get(propose(2, 1))).isInstanceOf(Outcome.Refused.class);
        assertThat(get(propose(1, 1))).isInstanceOf(Outcome.Applied.class);
        assertThat(get(propose(3, 1))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aReadWaitsForWhatWasAcknowledgedBefore() throws Exception {
        get(propose(1, 1));
        CompletableFuture<Long> seen = new CompletableFuture<>();
        groups.group(1)
                .awaitReadable(
                        () -> seen.complete(machines.get(1).publishedCount),
                        failed -> seen.completeExceptionally(new AssertionError(failed)));
        assertThat(seen.get(60, TimeUnit.SECONDS)).isEqualTo(1);
    }
}
