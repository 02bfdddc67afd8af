package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.EurekaServerProcess;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The same script of calls to a real Spring Eureka server and to a node, answers compared.
class DifferentialTest {
    private static final int CALLS = 400;

    @TempDir Path folder;

    @Test
    void applicationsGetTheAnswersOfASpringEurekaServer() throws Exception {
        assertThat(String.join("\n", differences(false))).isEmpty();
    }

    @Test
    void peersAndOperatorsGetTheAnswersOfASpringEurekaServer() throws Exception {
        assertThat(String.join("\n", differences(true))).isEmpty();
    }

    private List<String> differences(boolean overrides) throws Exception {
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
            for (ScriptedCall call : CallScript.of(seed, CALLS, overrides)) {
                number++;
                NormalAnswer expected = NormalAnswer.of(call.send(theirs.eurekaUrl()));
                NormalAnswer actual = NormalAnswer.of(call.send(ours.eurekaUrl()));
                if (!expected.equals(actual)) {
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
                "DifferentialTest: %d calls, %d differences (seed %d)%n",
                CALLS, differences.size(), seed);
        return differences;
    }
}
