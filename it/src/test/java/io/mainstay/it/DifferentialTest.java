package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.EurekaServerProcess;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The same script of calls to a real Spring Eureka server and to a node, answers compared.
class DifferentialTest {
    private static final int CALLS = 240;

    @TempDir Path folder;

    @Test
    void answersAreThoseOfASpringEurekaServer() throws Exception {
        long seed = Long.getLong("mainstay.seed", 20_260_101);
        List<String> differences = new ArrayList<>();
        try (EurekaServerProcess theirs =
                        EurekaServerProcess.start(
                                JavaProcess.sameJava(),
                                Examples.eurekaPeer(),
                                folder.resolve("eureka.log"),
                                // Its cache would answer with what was true half a minute ago.
                                "eureka.server.use-read-only-response-cache=false",
                                "eureka.server.enable-self-preservation=false");
                NodeProcess ours = NodeProcess.start(folder.resolve("node"))) {
            int number = 0;
            for (ScriptedCall call : CallScript.of(seed, CALLS)) {
                number++;
                NormalAnswer expected = NormalAnswer.of(call.send(theirs.eurekaUrl()));
                NormalAnswer actual = NormalAnswer.of(call.send(ours.eurekaUrl()));
                if (!expected.equals(actual) && !Deviation.allows(call, expected, actual)) {
                    differences.add(
                            "call %d %s%n  only theirs: %s%n  only ours:   %s"
                                    .formatted(
                                            number,
                                            call,
                                            expected.butNot(actual),
                                            actual.butNot(expected)));
                }
            }
        }
        System.out.printf(
                "DifferentialTest: %d calls, %d unsigned differences (seed %d)%n",
                CALLS, differences.size(), seed);
        assertThat(String.join("\n", differences)).as("differences, seed %d", seed).isEmpty();
    }

    @Test
    void everyDeviationIsSigned() throws Exception {
        String signed =
                Files.readString(Path.of("..", "docs", "protocols", "eureka-deviations.md"));
        for (Deviation deviation : Deviation.values()) {
            assertThat(signed).contains("| `" + deviation.name() + "` |");
        }
    }
}
