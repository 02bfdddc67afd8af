package io.mainstay.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.cli.Cli;
import io.mainstay.cli.ExitCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

class JournalCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Cli.prepare(new CommandLine(new JournalCommand()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void aMissingDirectoryIsNotFoundAndNotMade(@TempDir Path folder) {
        Path missing = folder.resolve("none");

        assertThat(run("verify", "--data", missing.toString())).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(err.toString()).contains("there is no data directory");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aDirectoryWithoutJournalIsIntact(@TempDir Path folder) {
        assertThat(run("verify", "--data", folder.toString())).isZero();
        assertThat(run("stats", "--data", folder.toString(), "-o", "json")).isZero();
        assertThat(out.toString()).contains("intact").contains("\"records\":0");
    }
}
