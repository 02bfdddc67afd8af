package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.Outcome.Accepted;
import io.mainstay.kernel.group.Outcome.Applied;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The cells of one voter in `docs/durability.md`: when each level answers, and what it survives then.
class DurabilityTest {

    private static final int SEEDS = 40;
    private static final int COMMANDS = 30;

    private final SteppedNode node;

    DurabilityTest() throws IOException {
        node = new SteppedNode();
    }

    private static boolean isSynced(Durability level) {
        return switch (level) {
            case QUORUM_FSYNC, LEADER_FSYNC -> true;
            case QUORUM_MEMORY, LEADER_MEMORY -> false;
        };
    }

    private static boolean isApplied(Durability level) {
        return switch (level) {
            case QUORUM_FSYNC, LEADER_MEMORY -> true;
            case LEADER_FSYNC, QUORUM_MEMORY -> false;
        };
    }

    @Test
    void quorumMemoryIsAnsweredBeforeAnySync() {
        CompletableFuture<Outcome> told = node.propose(1, Durability.QUORUM_MEMORY, 7);
        node.groups.drive();
        assertThat(told).isCompletedWithValueMatching(Accepted.class::isInstance);
        assertThat(node.journal.synced()).isLessThan(node.journal.end());
        node.groups.applyAll();
        assertThat(node.machines.get(1).publishedCount).isZero();
        node.settle();
        assertThat(node.machines.get(1).publishedCount).isEqualTo(1);
        assertThat(told.join()).isInstanceOf(Accepted.class);
    }

    @Test
    void leaderMemoryIsAppliedShownAndAnsweredBeforeAnySync() {
        CompletableFuture<Outcome> told = node.propose(1, Durability.LEADER_MEMORY, 7);
        node.groups.drive();
        assertThat(told).isNotDone();
        node.groups.applyAll();
        assertThat(told).isCompletedWithValueMatching(Applied.class::isInstance);
        assertThat(node.machines.get(1).publishedCount).isEqualTo(1);
        assertThat(node.journal.synced()).isLessThan(node.journal.end());
        node.settle();
        assertThat(node.machines.get(1).publishedCount).isEqualTo(1);
    }

    @Test
    void leaderMemoryDoesNotOvertakeWhatWaitsForASync() {
        CompletableFuture<Outcome> first = node.propose(1, Durability.LEADER_MEMORY, 1);
        CompletableFuture<Outcome> synced = node.propose(1, Durability.QUORUM_FSYNC, 2);
        CompletableFuture<Outcome> last = node.propose(1, Durability.LEADER_MEMORY, 3);
        CompletableFuture<Outcome> elsewhere = node.propose(2, Durability.LEADER_MEMORY, 4);
        for (int i = 0; i < 3; i++) {
            node.groups.drive();
            node.groups.applyAll();
        }
        assertThat(first).isDone();
        assertThat(elsewhere).isDone();
        assertThat(synced).isNotDone();
        assertThat(last).isNotDone();
        node.groups.syncJournal();
        node.groups.applyAll();
        assertThat(synced).isDone();
        assertThat(last).isDone();
    }

    /// Nobody waits for it, and yet a power cut takes little: the journal is synced after a while.
    @Test
    void whatIsInMemoryIsSyncedInItsOwnTime() {
        node.settle();
        node.groups.sync.taken();
        node.propose(1, Durability.LEADER_MEMORY, 7);
        node.groups.drive();
        node.groups.applyAll();
        assertThat(node.groups.sync.taken()).isFalse();
        node.clock.advance(Duration.ofMillis(100));
        node.groups.drive();
        assertThat(node.groups.sync.taken()).isTrue();
        node.propose(1, Durability.QUORUM_FSYNC, 8);
        node.groups.drive();
        assertThat(node.groups.sync.taken()).isTrue();
    }

    @Test
    void aSnapshotOfWhatIsInMemoryWaitsForItsSync() throws IOException {
        node.snapshotEvery(1);
        node.settle();
        long before = node.groups.group(1).status().snapshotOffset();
        node.propose(1, Durability.LEADER_MEMORY, 7);
        for (int i = 0; i < 3; i++) {
            node.groups.drive();
            node.groups.applyAll();
        }
        assertThat(node.machines.get(1).publishedCount).isEqualTo(1);
        assertThat(node.groups.group(1).status().snapshotOffset()).isEqualTo(before);
        node.groups.syncJournal();
        node.groups.drive();
        assertThat(node.groups.group(1).status().snapshotOffset()).isGreaterThan(before);
    }

    /// The operating system has it at the moment of the answer, not a little later.
    @ParameterizedTest
    @EnumSource(names = {"QUORUM_MEMORY", "LEADER_MEMORY"})
    void aProcessThatEndsWithinTheAnswerHasLostNothing(Durability level) throws IOException {
        List<SimDisk> disks = new ArrayList<>();
        Proposal proposal = new Proposal(level, outcome -> disks.add(node.disk.copy()));
        proposal.add(MachineId.PROBE, 1, ByteBuffer.allocate(8));
        node.groups.group(1).propose(proposal);
        node.groups.drive();
        node.groups.applyAll();
        SteppedNode next = new SteppedNode(disks.getFirst(), new JournalConfig(64 << 10, 0), 7);
        assertThat(next.machines.get(1).publishedCount).isEqualTo(1);
    }

    @Test
    void leaderFsyncIsAnsweredWhenSyncedAndNotBefore() {
        CompletableFuture<Outcome> told = node.propose(1, Durability.LEADER_FSYNC, 7);
        node.groups.drive();
        assertThat(told).isNotDone();
        node.groups.syncJournal();
        node.groups.drive();
        assertThat(told).isCompletedWithValueMatching(Accepted.class::isInstance);
        assertThat(node.machines.get(1).publishedCount).isZero();
    }

    @Test
    void quorumFsyncIsAnsweredWhenAppliedAndNotBefore() {
        CompletableFuture<Outcome> told = node.propose(1, Durability.QUORUM_FSYNC, 7);
        node.groups.drive();
        node.groups.applyAll();
        assertThat(told).isNotDone();
        node.groups.syncJournal();
        node.groups.drive();
        assertThat(told).isNotDone();
        node.groups.applyAll();
        assertThat(told).isCompletedWithValueMatching(Applied.class::isInstance);
        assertThat(node.machines.get(1).publishedCount).isEqualTo(1);
    }

    /// Answered as early as the level allows: no turn more than it takes.
    private void answered(Durability level) {
        for (int i = 0; i < COMMANDS; i++) {
            CompletableFuture<Outcome> told = node.propose(1, level, i);
            node.groups.drive();
            if (isSynced(level)) {
                node.groups.syncJournal();
                node.groups.drive();
            }
            if (isApplied(level)) {
                node.groups.applyAll();
            }
            assertThat(told).isDone();
            assertThat(told.join()).isInstanceOfAny(Accepted.class, Applied.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheProcessTakesNothingThatWasAnswered(Durability level) throws IOException {
        answered(level);
        node.kill();
        assertThat(node.machines.get(1).publishedCount).isEqualTo(COMMANDS);
    }

    @ParameterizedTest
    @EnumSource(names = {"QUORUM_FSYNC", "LEADER_FSYNC"})
    void aPowerCutTakesNothingThatWasAnsweredAsSynced(Durability level) throws IOException {
        for (int seed = 1; seed <= SEEDS; seed++) {
            long before = node.machines.get(1).publishedCount;
            answered(level);
            // And something that nobody was told of.
            node.propose(1, level, 99);
            node.groups.drive();
            node.powerCut(seed);
            assertThat(node.machines.get(1).publishedCount)
                    .describedAs("seed %d", seed)
                    .isBetween(before + COMMANDS, before + COMMANDS + 1);
        }
    }

    /// Also the crash of an operating system: its memory is gone.
    @ParameterizedTest
    @EnumSource(names = {"QUORUM_MEMORY", "LEADER_MEMORY"})
    void aPowerCutMayTakeTheLastOfWhatWasAnsweredFromMemory(Durability level) throws IOException {
        boolean lost = false;
        for (int seed = 1; seed <= SEEDS; seed++) {
            long before = node.machines.get(1).publishedCount;
            long digestBefore = digest();
            answered(level);
            node.powerCut(seed);
            long kept = node.machines.get(1).publishedCount - before;
            lost |= kept < COMMANDS;
            // The first ones, in order: no hole.
            long digest = digestBefore - before;
            for (int i = 0; i < kept; i++) {
                digest = digest * 31 + i;
            }
            assertThat(digest()).isEqualTo(digest + before + kept);
        }
        assertThat(lost).isTrue();
    }

    private long digest() {
        return node.machines.get(1).digest();
    }

    /// One voter has one disk: nothing is left, and the node does not pretend to be the old one.
    @Test
    void aLostDiskTakesEverythingAndTheNodeIsSomebodyElse() throws IOException {
        for (Durability level : Durability.values()) {
            answered(level);
        }
        SteppedNode other =
                new SteppedNode(new SimDisk(64 << 20), new JournalConfig(64 << 10, 0), 6);
        assertThat(other.machines.get(1).publishedCount).isZero();
        assertThat(other.disk.content("identity")).isNotEqualTo(node.disk.content("identity"));
    }

    @Test
    void levelsAreAnsweredBesideEachOther() {
        List<CompletableFuture<Outcome>> synced = new ArrayList<>();
        List<CompletableFuture<Outcome>> inMemory = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            synced.add(node.propose(1, Durability.LEADER_FSYNC, i));
            inMemory.add(node.propose(1, Durability.QUORUM_MEMORY, i));
        }
        node.groups.drive();
        assertThat(inMemory).allMatch(CompletableFuture::isDone);
        assertThat(synced).noneMatch(CompletableFuture::isDone);
        assertThat(node.groups.group(1).status().bytesUnderWay()).isPositive();
        node.settle();
        assertThat(synced).allMatch(CompletableFuture::isDone);
        assertThat(node.machines.get(1).publishedCount).isEqualTo(20);
        assertThat(node.groups.group(1).status().bytesUnderWay()).isZero();
    }

    @Test
    void whoIsContentWithLittleIsSlowedDownAllTheSame() {
        Outcome refused = null;
        // Nothing is applied meanwhile: 16 MiB under way are the most.
        for (int i = 0; i < 400 && refused == null; i++) {
            CompletableFuture<Outcome> told = new CompletableFuture<>();
            node.groups
                    .group(1)
                    .propose(SteppedNode.proposal(Durability.QUORUM_MEMORY, told, i, 60_000));
            node.groups.drive();
            if (told.join() instanceof Outcome.Refused full) {
                refused = full;
            }
        }
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        full -> assertThat(full.reason()).isEqualTo(Outcome.Reason.OVERLOADED));
        CompletableFuture<Outcome> freed = new CompletableFuture<>();
        node.groups
                .group(1)
                .proposeFreeing(SteppedNode.proposal(Durability.LEADER_FSYNC, freed, 400, 60_000));
        node.settle();
        assertThat(freed.join()).isInstanceOf(Accepted.class);
        assertThat(node.groups.group(1).status().bytesUnderWay()).isZero();
    }

    @Test
    void nobodyIsAnsweredTwiceWhenTheGroupIsFencedInBetween() {
        CompletableFuture<Outcome> inMemory = node.propose(1, Durability.QUORUM_MEMORY, 1);
        CompletableFuture<Outcome> synced = node.propose(1, Durability.LEADER_FSYNC, 2);
        node.groups.drive();
        assertThat(inMemory).isDone();
        node.machines.get(1).breaker.arm(Breaker.Part.APPLY);
        node.groups.syncJournal();
        node.groups.applyAll();
        node.settle();
        assertThat(inMemory.join()).isInstanceOf(Accepted.class);
        assertThat(synced.join()).isInstanceOfAny(Accepted.class, Outcome.Unknown.class);
        assertThat(node.groups.group(1).status().bytesUnderWay()).isZero();
    }
}
