package io.mainstay.it.amqp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Scripts that RabbitMQ once answered get the same answers from a node: what holds where no RabbitMQ is installed.
class RabbitMqTranscriptTest {

    private static final String FILE = "/amqp/rabbitmq-3.10.8.txt";

    @TempDir Path folder;

    @Test
    void clientsGetTheAnswersThatRabbitMqGave() throws Exception {
        StringBuilder differences = new StringBuilder();
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"))) {
            for (Transcript transcript : transcripts()) {
                Script script = RabbitMqDifferentialTest.script(transcript.seed());
                assertThat(script.steps().stream().map(Step::text))
                        .as("the scripts are made in another way now: record them again")
                        .containsExactlyElementsOf(transcript.steps());
                differences.append(
                        Scripts.firstDifference(
                                script, transcript.answers(), RabbitMqDifferentialTest.peer(node)));
            }
        }
        assertThat(differences.toString()).isEmpty();
    }

    private static List<Transcript> transcripts() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RabbitMqTranscriptTest.class.getResourceAsStream(FILE))) {
            return Transcript.read(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
    }
}
