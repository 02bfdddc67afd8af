package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/// The kernel under every fault at once: nothing that was acknowledged is lost, no two members differ, no read is stale, two nodes never lead
/// one term, and everybody agrees when the faults end.
class SimulationTest {

    @Test
    void threeVotersLoseNothing() {
        Simulations.run(
                "kernel SimulationTest#threeVotersLoseNothing",
                100,
                3,
                FaultMix::plain,
                LedgerWorkload::new,
                Plant.NONE);
    }

    @Test
    void aLoneVoterLosesNothing() {
        Simulations.run(
                "kernel SimulationTest#aLoneVoterLosesNothing",
                30,
                1,
                FaultMix::plain,
                LedgerWorkload::new,
                Plant.NONE);
    }

    /// What is kept in memory only goes when the power goes, and only the last of it.
    @Test
    void aLoneVoterRemembersUntilThePowerGoes() {
        SimChecker.Counts total =
                Simulations.run(
                        "kernel SimulationTest#aLoneVoterRemembersUntilThePowerGoes",
                        20,
                        1,
                        () ->
                                FaultMix.aimed(
                                        mix -> {
                                            mix.memoryShare = 0.7;
                                            mix.powerMs = 1_000;
                                            mix.killMs = 1_500;
                                            mix.snapshotBytes = 4_000;
                                            mix.syncMs = 20;
                                        }),
                        LedgerWorkload::new,
                        Plant.NONE);
        assertThat(total.remembered).isPositive();
    }

    @Test
    void bodiesThatAreMovedByALoneVoterAreNeverLost() {
        SimChecker.Counts total =
                Simulations.run(
                        "kernel SimulationTest#bodiesThatAreMovedByALoneVoterAreNeverLost",
                        20,
                        1,
                        SimulationTest::manyPowerCuts,
                        ShelfWorkload::new,
                        Plant.NONE);
        assertThat(total.relocatedBytes).isPositive();
    }

    /// A member that took over another one's snapshot has not its bodies (see the known gaps): what it lacks is not asked for.
    @Test
    void bodiesThatAreMovedByVotersAreNeverLost() {
        SimChecker.Counts total =
                Simulations.run(
                        "kernel SimulationTest#bodiesThatAreMovedByVotersAreNeverLost",
                        10,
                        3,
                        FaultMix::plain,
                        ShelfWorkload::new,
                        Plant.NONE);
        assertThat(total.relocatedBytes).isPositive();
    }

    private static FaultMix manyPowerCuts() {
        return FaultMix.aimed(
                mix -> {
                    mix.opMs = 4;
                    mix.powerMs = 1_000;
                    mix.snapshotBytes = 8_000;
                    mix.memoryShare = 0.3;
                });
    }

    @Test
    void theSameSeedIsTheSameRunInEveryJvm() throws Exception {
        long trace =
                KernelSimulation.run(7, 3, FaultMix.plain(), new LedgerWorkload(), Plant.NONE)
                        .trace();
        for (int i = 0; i < 2; i++) {
            assertThat(inAnotherJvm("7")).isEqualTo(Long.toString(trace));
        }
        assertThat(inAnotherJvm("8")).isNotEqualTo(Long.toString(trace));
    }

    private static String inAnotherJvm(String seed) throws Exception {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                classPath,
                                ReplaySeed.class.getName(),
                                seed)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.strip();
    }
}
