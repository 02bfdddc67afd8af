package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Clock;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// One voter when a clock, a machine, a callback or a neighbour misbehaves: everybody who waits is answered.
class RaftGroupsFaultTest {

    private static final int MIB = 1 << 20;

    @TempDir Path directory;

    private final ShiftedClock clock = new ShiftedClock();
    private final List<ProbeMachine> machines = new ArrayList<>();
    private SegmentedJournal journal;
    private RaftGroups groups;
    private RaftGroupsConfig config =
            new RaftGroupsConfig(1, 3, Long.MAX_VALUE, Duration.ofHours(1), 128L << 20);

    private void open() throws Exception {
        Platform real = RealPlatform.at(directory);
        Platform platform = new Platform(clock, real.random(), real.disk(), real.threads());
        journal = SegmentedJournal.open(new JournalConfig(16 * MIB, 0), platform);
        machines.clear();
        groups =
                RaftGroups.open(
                        config,
                        platform,
                        journal,
                        id -> {
                            machines.add(new ProbeMachine());
                            return List.of(machines.getLast());
                        });
        groups.start();
        assertThat(groups.awaitReady(Duration.ofSeconds(60))).isTrue();
    }

    @AfterEach
    void close() throws Exception {
        groups.close();
        journal.close();
    }

    private CompletableFuture<Outcome> propose(int group, long value, int padding) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Proposal proposal = new Proposal(Durability.QUORUM_FSYNC, outcome::complete);
        proposal.add(MachineId.PROBE, 1, ByteBuffer.allocate(8 + padding).putLong(0, value));
        groups.group(group).propose(proposal);
        return outcome;
    }

    private static Outcome get(CompletableFuture<Outcome> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    void leaderTimeDoesNotGoBackOverARestartAlthoughTheClockDoes() throws Exception {
        open();
        clock.shiftMs = TimeUnit.HOURS.toMillis(2);
        assertThat(get(propose(1, 7, 0))).isInstanceOf(Outcome.Applied.class);
        close();
        clock.shiftMs = 0;
        open();
        assertThat(get(propose(1, 8, 0))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void leaderTimeDoesNotGoBackBehindASnapshot() throws Exception {
        config = new RaftGroupsConfig(1, 3, 1, Duration.ofHours(1), 128L << 20);
        open();
        clock.shiftMs = TimeUnit.HOURS.toMillis(2);
        assertThat(get(propose(1, 7, 0))).isInstanceOf(Outcome.Applied.class);
        awaitUntil(() -> groups.group(1).status().logStartOffset() > 1);
        close();
        clock.shiftMs = 0;
        open();
        assertThat(get(propose(1, 8, 0))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aBurstOfManyBatchesIsTakenWhole() throws Exception {
        open();
        List<CompletableFuture<Outcome>> burst = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            burst.add(propose(1, i, MIB - 100));
        }
        for (CompletableFuture<Outcome> one : burst) {
            assertThat(get(one)).isInstanceOf(Outcome.Applied.class);
        }
    }

    @Test
    void everybodyIsAnsweredWhenAMachineBreaks() throws Exception {
        open();
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(propose(2, i == 1_000 ? Long.MIN_VALUE : i, 0));
        }
        for (CompletableFuture<Outcome> one : all) {
            assertThat(get(one)).isNotNull();
        }
        assertThat(groups.group(2).status().bytesUnderWay()).isZero();
        awaitUntil(() -> groups.group(2).status().rebuilds() == 2);
        awaitUntil(() -> groups.group(2).status().role() == RaftGroup.Role.FENCED);
        assertThatThrownBy(() -> groups.digests(2).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        CompletableFuture<Outcome> read = new CompletableFuture<>();
        groups.group(2).awaitReadable(() -> read.complete(null), read::complete);
        assertThat(get(read)).isInstanceOf(Outcome.Refused.class);
    }

    /// Under load on real threads: one machine throws in the middle, three others never do.
    @Test
    void aGroupComesBackUnderLoadAndLosesNothing() throws Exception {
        open();
        List<CompletableFuture<Outcome>> ofBroken = new ArrayList<>();
        List<CompletableFuture<Outcome>> ofOthers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (i == 5_000) {
                machines.get(2).breaker.arm(Breaker.Part.APPLY);
            }
            CompletableFuture<Outcome> one = propose(i % 4, i, 0);
            (i % 4 == 2 ? ofBroken : ofOthers).add(one);
            if (i % 64 == 0) {
                get(one);
            }
        }
        for (CompletableFuture<Outcome> one : ofOthers) {
            assertThat(get(one)).isInstanceOf(Outcome.Applied.class);
        }
        awaitUntil(() -> groups.group(2).status().role() == RaftGroup.Role.LEADER);
        assertThat(groups.group(2).status().rebuilds()).isEqualTo(1);
        Outcome last = get(propose(2, 1, 0));
        assertThat(last).isInstanceOf(Outcome.Applied.class);
        long applied = 0;
        long mayBe = 0;
        for (CompletableFuture<Outcome> one : ofBroken) {
            switch (get(one)) {
                case Outcome.Applied done -> applied++;
                case Outcome.Unknown unknown -> mayBe++;
                case Outcome.Refused refused -> {}
                case Outcome.Accepted accepted -> throw new AssertionError(accepted);
            }
        }
        long count = (Long) ((Outcome.Applied) last).replies().getFirst() - 1;
        assertThat(count).isBetween(applied, applied + mayBe);
        assertThat(groups.group(2).status().bytesUnderWay()).isZero();
    }

    @Test
    void leadershipOfAFencedGroupIsTakenBack() throws Exception {
        open();
        CompletableFuture<Integer> gained = new CompletableFuture<>();
        CompletableFuture<String> lostOn = new CompletableFuture<>();
        groups.group(2)
                .addListener(
                        new RaftGroup.LeadershipListener() {
                            @Override
                            public void gained(int term) {
                                gained.complete(term);
                            }

                            @Override
                            public void lost(int term) {
                                lostOn.complete(Thread.currentThread().getName());
                            }
                        });
        // Who is added when it is gone already hears neither.
        gained.get(60, TimeUnit.SECONDS);
        get(propose(2, Long.MIN_VALUE, 0));
        assertThat(lostOn.get(60, TimeUnit.SECONDS)).isEqualTo("mainstay-apply");
    }

    @Test
    void aCallbackThatThrowsHarmsNobody() throws Exception {
        open();
        Proposal proposal =
                new Proposal(
                        Durability.QUORUM_FSYNC,
                        outcome -> {
                            throw new IllegalStateException("a callback that fails");
                        });
        proposal.add(MachineId.PROBE, 1, ByteBuffer.allocate(8));
        groups.group(1).propose(proposal);
        assertThat(get(propose(1, 1, 0))).isInstanceOf(Outcome.Applied.class);
        assertThat(groups.group(1).status().role()).isEqualTo(RaftGroup.Role.LEADER);
    }

    @Test
    void nobodyWaitsForANodeThatStopped() throws Exception {
        open();
        groups.close();
        assertThat(get(propose(1, 1, 0))).isInstanceOf(Outcome.Refused.class);
        assertThatThrownBy(() -> groups.digests(1).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    /// Groups 0, 2 and 3 have nothing to do while group 1 writes ten segments.
    @Test
    void groupsWithoutEntriesDoNotHoldTheSegmentsOfABusyOne() throws Exception {
        config = new RaftGroupsConfig(1, 3, 8L * MIB, Duration.ofHours(1), 32L << 20);
        open();
        for (int i = 0; i < 320; i++) {
            CompletableFuture<Outcome> one = propose(1, i, MIB - 100);
            if (i % 16 == 0) {
                get(one);
            }
        }
        awaitUntil(() -> journal.stats().segments() < 10);
        close();
        open();
        assertThat(get(propose(2, 1, 0))).isInstanceOf(Outcome.Applied.class);
    }

    private static void awaitUntil(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    /// The real clock, set wrong by a person.
    private static final class ShiftedClock implements Clock {
        volatile long shiftMs;

        @Override
        public long wallMs() {
            return System.currentTimeMillis() + shiftMs;
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }
}
