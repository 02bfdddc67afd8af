package io.mainstay.it.amqp.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Scripts made from seeds, done at a real RabbitMQ and at a node, and every step's answer compared.
class RabbitMqDifferentialTest {

    private static final int SCRIPTS = 300;
    static final int STEPS = 40;
    private static final int AT_ONCE = 4;

    @TempDir Path folder;

    private final Map<Long, List<Answer>> transcripts = new ConcurrentSkipListMap<>();
    private final AtomicInteger unsteady = new AtomicInteger();
    private final List<String> differences = Collections.synchronizedList(new ArrayList<>());

    @Test
    void clientsGetTheAnswersOfRabbitMq() throws Exception {
        assumeTrue(
                Boolean.getBoolean("mainstay.long") || Long.getLong("mainstay.seed") != null,
                "some minutes: with --long or --seed");
        assumeTrue(RabbitMq.isThere(), "skipped: no RabbitMQ (package rabbitmq-server)");
        long seed = Long.getLong("mainstay.seed", 1);
        int scripts = Integer.getInteger("mainstay.scripts", SCRIPTS);
        try (RabbitMq theirs = RabbitMq.start(folder.resolve("rabbitmq"));
                NodeProcess ours = NodeProcess.start(folder.resolve("node"));
                ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> running = new ArrayList<>();
            for (long n = seed; n < seed + scripts; n++) {
                ScriptMaker.Script script = ScriptMaker.of(n, STEPS);
                running.add(
                        threads.submit(
                                () -> {
                                    compare(script, theirs.factory(), factory(ours));
                                    return null;
                                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        String file = System.getProperty("mainstay.write-transcript");
        if (file != null) {
            record(file);
        }
        System.out.printf(
                "RabbitMqDifferentialTest: %d scripts of %d steps, %d differences, %d scripts that RabbitMQ does not answer the same twice (seed %d)%n",
                scripts, STEPS, differences.size(), unsteady.get(), seed);
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private void compare(
            ScriptMaker.Script script, ConnectionFactory theirs, ConnectionFactory ours)
            throws Exception {
        List<Answer> expected = Scripts.answers(script, theirs);
        String difference = "";
        // Where messages expire it may happen between two steps.
        int tries = script.patienceMs() > 0 ? 3 : 1;
        do {
            difference = Scripts.firstDifference(script, expected, ours);
        } while (!difference.isEmpty() && --tries > 0);
        // Where they do not say the same twice there is nothing to compare with.
        if (!Scripts.firstDifference(script, expected, theirs).isEmpty()) {
            unsteady.incrementAndGet();
        } else if (!difference.isEmpty()) {
            differences.add(difference);
        } else if (script.patienceMs() == 0) {
            transcripts.put(script.seed(), expected);
        }
    }

    private void record(String file) throws IOException {
        List<String> lines = new ArrayList<>(Transcript.HEAD);
        transcripts.forEach(
                (seed, answers) ->
                        lines.addAll(Transcript.lines(ScriptMaker.of(seed, STEPS), answers)));
        Files.write(Path.of(file), lines);
    }

    static ConnectionFactory factory(NodeProcess node) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(node.amqpPort());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }
}
