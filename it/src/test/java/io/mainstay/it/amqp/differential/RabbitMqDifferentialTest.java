package io.mainstay.it.amqp.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// Scripts made from seeds, done at a real RabbitMQ and at a node, and every step's answer compared.
class RabbitMqDifferentialTest {

    private static final int SCRIPTS = 300;
    static final int STEPS = 40;

    @TempDir Path folder;

    @Test
    void clientsGetTheAnswersOfRabbitMq() throws Exception {
        assumeTrue(
                Boolean.getBoolean("mainstay.long") || Long.getLong("mainstay.seed") != null,
                "some minutes: with --long or --seed");
        assumeTrue(RabbitMq.isThere(), "skipped: no RabbitMQ (package rabbitmq-server)");
        long seed = Long.getLong("mainstay.seed", 1);
        int scripts = Integer.getInteger("mainstay.scripts", SCRIPTS);
        List<Script> all =
                LongStream.range(seed, seed + scripts)
                        .mapToObj(RabbitMqDifferentialTest::script)
                        .toList();
        try (RabbitMq theirs = RabbitMq.start(folder.resolve("rabbitmq"));
                NodeProcess ours = NodeProcess.start(folder.resolve("node"))) {
            Comparison comparison = new Comparison(theirs.peer(), peer(ours));
            comparison.compare(all);
            String file = System.getProperty("mainstay.write-transcript");
            if (file != null) {
                record(comparison, file);
            }
            System.out.printf(
                    "RabbitMqDifferentialTest: %d scripts of %d steps, %d differences, %d scripts that RabbitMQ does not answer the same twice (seed %d)%n",
                    scripts, STEPS, comparison.differences().size(), comparison.unsteady(), seed);
            assertThat(String.join("\n", comparison.differences())).isEmpty();
        }
    }

    /// One in eight reads streams.
    static Script script(long seed) {
        return seed % 8 == 0 ? StreamScript.of(seed, STEPS) : ScriptMaker.of(seed, STEPS);
    }

    private static void record(Comparison comparison, String file) throws IOException {
        List<String> lines = new ArrayList<>(Transcript.HEAD);
        comparison
                .transcripts()
                .forEach((seed, answers) -> lines.addAll(Transcript.lines(script(seed), answers)));
        Files.write(Path.of(file), lines);
    }

    static Peer peer(NodeProcess node) {
        return Peer.on(node.amqpPort(), "http://127.0.0.1:" + node.managementPort() + "/api/");
    }
}
