package io.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.cli.ExitCode;
import io.mainstay.server.config.ConfigLoader;
import io.mainstay.server.node.Node;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A node whose files are damaged does not start, and says which file it is and what to do.
class DamagedJournalTest {

    @TempDir Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aNodeThatWasStoppedInOrder() throws Exception {
        Map<String, String> flags =
                Map.of(
                        "data.dir", directory.toString(),
                        "http.port", "0",
                        "eureka.port", "0",
                        "grpc.port", "0",
                        "amqp.port", "0",
                        "rabbitmq.port", "0",
                        "rabbitmq-metrics.port", "0",
                        "journal.segment-bytes", "16MiB");
        Node.start(ConfigLoader.load(null, flags, Map.of())).close();
    }

    private int run(String... arguments) {
        return Main.commandLine(Node::start)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int start() {
        return run(
                "start",
                "--data",
                directory.toString(),
                "-X",
                "http.port=0",
                "-X",
                "eureka.port=0",
                "-X",
                "grpc.port=0",
                "-X",
                "amqp.port=0",
                "-X",
                "rabbitmq.port=0",
                "-X",
                "rabbitmq-metrics.port=0",
                "-X",
                "journal.segment-bytes=16MiB");
    }

    private void flip(String name, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(name));
        bytes[at] ^= 1;
        Files.write(directory.resolve(name), bytes);
    }

    @Test
    void aDamagedSegmentIsNamedByStartAndByVerify() throws IOException {
        flip("journal/0000000000000001.seg", 300);
        assertThat(start()).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("0000000000000001.seg")
                .contains("position")
                .contains("mainstay journal verify --data " + directory)
                .doesNotContain("Exception");
        assertThat(run("journal", "verify", "--data", directory.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("0000000000000001.seg");
    }

    @Test
    void whoMakesTheFirstUserIsToldTheSame() throws IOException {
        flip("journal/0000000000000001.seg", 300);
        assertThat(run("user", "init", "--data", directory.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("0000000000000001.seg")
                .contains("mainstay journal verify --data " + directory)
                .doesNotContain("Exception");
    }

    @Test
    void aDamagedIdentityIsNamed() throws IOException {
        flip("identity", 20);
        assertThat(start()).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("identity is damaged").doesNotContain("Exception");
    }

    @Test
    void aMissingSegmentIsNamed() throws IOException {
        Files.delete(directory.resolve("journal/0000000000000001.seg"));
        assertThat(start()).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("missing").doesNotContain("Exception");
        assertThat(run("journal", "verify", "--data", directory.toString()))
                .isEqualTo(ExitCode.FAILED);
    }
}
