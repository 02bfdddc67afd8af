package io.mainstay.it.amqp.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/// Scripts that keep to AMQP 0-9-1, done at Apache Qpid Broker-J and at a node; of refusals the codes are compared.
class QpidDifferentialTest {

    private static final int SCRIPTS = 100;
    private static final int STEPS = 40;

    @TempDir Path folder;

    @Test
    void clientsOfTheBareProtocolGetTheAnswersOfQpid() throws Exception {
        assumeTrue(
                Boolean.getBoolean("mainstay.long") || Long.getLong("mainstay.seed") != null,
                "some minutes: with --long or --seed");
        assumeTrue(
                Qpid.isThere(),
                "skipped: no Java 17 to 23 for Qpid Broker-J, or not built with --long");
        long seed = Long.getLong("mainstay.seed", 1);
        int scripts = Integer.getInteger("mainstay.scripts", SCRIPTS);
        List<Script> all =
                LongStream.range(seed, seed + scripts)
                        .mapToObj(one -> ProperScript.of(one, STEPS))
                        .toList();
        try (Qpid theirs = Qpid.start(folder.resolve("qpid"));
                NodeProcess ours = NodeProcess.start(folder.resolve("node"))) {
            Comparison comparison =
                    new Comparison(theirs.peer(), RabbitMqDifferentialTest.peer(ours));
            comparison.compare(all);
            System.out.printf(
                    "QpidDifferentialTest: %d scripts of %d steps, %d differences, %d scripts that Qpid does not answer the same twice (seed %d)%n",
                    scripts, STEPS, comparison.differences().size(), comparison.unsteady(), seed);
            assertThat(String.join("\n", comparison.differences())).isEmpty();
        }
    }
}
