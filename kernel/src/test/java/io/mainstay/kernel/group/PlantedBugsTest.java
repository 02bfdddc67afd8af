package io.mainstay.kernel.group;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.function.Supplier;

/// The simulation finds what it is there to find: each bug within its own number of seeds, under the faults that are aimed at it. The same
/// seeds under the same faults without the bug are green, so what was found is the bug.
class PlantedBugsTest {

    private static FaultMix slowDisks() {
        return FaultMix.aimed(
                mix -> {
                    mix.chaosMs = 5_000;
                    mix.stallMs = 250;
                    mix.longestStallMs = 150;
                    mix.syncMs = 12;
                    mix.powerMs = 700;
                    mix.blackoutMs = 900;
                    mix.cutMs = 600;
                });
    }

    private static FaultMix memory() {
        return FaultMix.aimed(
                mix -> {
                    mix.chaosMs = 5_000;
                    mix.memoryShare = 0.6;
                    mix.stallMs = 250;
                    mix.longestStallMs = 150;
                    mix.syncMs = 12;
                    mix.powerMs = 400;
                    mix.killMs = 0;
                    mix.snapshotBytes = 1_000;
                });
    }

    /// Leaders whose disks are slower than those of their followers.
    private static FaultMix memoryOfSlowDisks() {
        return FaultMix.aimed(
                mix -> {
                    mix.chaosMs = 5_000;
                    mix.memoryShare = 0.9;
                    mix.stallMs = 150;
                    mix.longestStallMs = 400;
                    mix.syncMs = 25;
                    mix.powerMs = 300;
                    mix.blackoutMs = 900;
                    mix.cutMs = 600;
                    mix.killMs = 0;
                    mix.snapshotBytes = 200_000;
                });
    }

    private static FaultMix votes() {
        return FaultMix.aimed(
                mix -> {
                    mix.chaosMs = 6_000;
                    mix.voteAim = 0.25;
                    mix.resignMs = 250;
                    mix.powerMs = 3_000;
                    mix.blackoutMs = 0;
                    mix.stallMs = 0;
                    mix.syncMs = 3;
                });
    }

    /// As [#votes], with votes that are long under way to the disk.
    private static FaultMix votesOnSlowDisks() {
        FaultMix mix = votes();
        mix.syncMs = 10;
        return mix;
    }

    private static FaultMix restarts() {
        return FaultMix.aimed(
                mix -> {
                    mix.chaosMs = 5_000;
                    mix.killMs = 500;
                });
    }

    /// Leaders that are cut off with entries of their own, and few snapshots that would replace those.
    private static FaultMix divergence() {
        return FaultMix.aimed(
                mix -> {
                    mix.chaosMs = 5_000;
                    mix.killMs = 500;
                    mix.cutMs = 250;
                    mix.snapshotBytes = 200_000;
                });
    }

    private static FaultMix readsWhileCut() {
        return FaultMix.aimed(
                mix -> {
                    mix.cutMs = 300;
                    mix.readShare = 0.6;
                });
    }

    enum Bug {
        FETCH_REQUESTS_NOT_HELD(30, PlantedBugsTest::slowDisks, Plants::fetchRequestsNotHeld),
        UNSYNCED_HIGH_WATERMARK_TOLD(
                100, PlantedBugsTest::slowDisks, Plants::unsyncedHighWatermarkTold),
        BATCHES_BEFORE_THEIR_TERM_IS_SYNCED(
                200, PlantedBugsTest::votes, Plants::batchesBeforeTheirTermIsSynced),
        OUTCOMES_NOT_HELD(20, 1, PlantedBugsTest::slowDisks, Plants::outcomesNotHeld),
        SNAPSHOTS_NOT_HELD(
                60, 1, PlantedBugsTest::memory, Plants::snapshotsNotHeld, ShelfWorkload::new),
        MEMORY_SHOWN_BY_EVERY_LEADER(
                40, PlantedBugsTest::memoryOfSlowDisks, Plants::memoryShownByEveryLeader),
        VOTES_NOT_HELD(40, PlantedBugsTest::votesOnSlowDisks, Plants::votesNotHeld),
        READS_NOT_CONFIRMED(60, PlantedBugsTest::readsWhileCut, Plants::readsNotConfirmed),
        ELECTION_STATE_NOT_WRITTEN(60, PlantedBugsTest::votes, Plants::electionStateNotWritten),
        ELECTION_STATE_SOMETIMES_LOST(
                100, PlantedBugsTest::votes, Plants::electionStateSometimesLost),
        VOTE_FORGOTTEN_AT_START(100, PlantedBugsTest::votes, Plants::voteForgottenAtStart),
        TRUNCATION_FORGOTTEN(60, PlantedBugsTest::divergence, Plants::truncationForgotten),
        TRUNCATION_NOT_WRITTEN(60, PlantedBugsTest::divergence, Plants::truncationNotWritten),
        PREFIX_DELETED_BEYOND_SNAPSHOT(
                10, PlantedBugsTest::restarts, Plants::prefixDeletedBeyondSnapshot),
        ANSWERED_BEFORE_THE_MAJORITY(10, FaultMix::plain, Plants::answeredBeforeTheMajority),
        CLOCK_READ_IN_APPLY(5, FaultMix::plain, Plants::clockReadInApply),
        SNAPSHOT_WITHOUT_ITS_LAST_ENTRY(
                10, PlantedBugsTest::restarts, Plants::snapshotWithoutItsLastEntry),
        APPLIED_TWICE_AFTER_RESTART(
                10, PlantedBugsTest::restarts, Plants::appliedTwiceAfterRestart),
        DISK_THAT_LIES(20, FaultMix::plain, Plants::diskThatLies),
        MOVED_BODIES_SOMETIMES_LOST(
                10, 1, FaultMix::plain, Plants::movedBodiesSometimesLost, ShelfWorkload::new);

        final int seeds;
        final int nodes;
        final Supplier<FaultMix> mix;
        final Supplier<Plant> plant;
        final Supplier<Workload> workload;

        Bug(int seeds, Supplier<FaultMix> mix, Supplier<Plant> plant) {
            this(seeds, 3, mix, plant);
        }

        Bug(int seeds, int nodes, Supplier<FaultMix> mix, Supplier<Plant> plant) {
            this(seeds, nodes, mix, plant, LedgerWorkload::new);
        }

        Bug(
                int seeds,
                int nodes,
                Supplier<FaultMix> mix,
                Supplier<Plant> plant,
                Supplier<Workload> workload) {
            this.workload = workload;
            this.seeds = seeds;
            this.nodes = nodes;
            this.mix = mix;
            this.plant = plant;
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFound(Bug bug) {
        for (int seed = 1; seed <= bug.seeds; seed++) {
            try {
                KernelSimulation.run(
                        seed, bug.nodes, bug.mix.get(), bug.workload.get(), bug.plant.get());
            } catch (SimulationFailure found) {
                System.out.printf(
                        "%s: seed %d: %s%n",
                        bug, seed, found.getMessage().lines().findFirst().orElse(""));
                greenWithout(bug, seed);
                return;
            }
        }
        throw new AssertionError(bug + " was not found within " + bug.seeds + " seeds");
    }

    private static void greenWithout(Bug bug, int seeds) {
        for (int seed = 1; seed <= seeds; seed++) {
            KernelSimulation.run(seed, bug.nodes, bug.mix.get(), bug.workload.get(), Plant.NONE);
        }
    }
}
