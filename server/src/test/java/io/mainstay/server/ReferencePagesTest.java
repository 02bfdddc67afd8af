package io.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.server.command.CommandReference;
import io.mainstay.server.config.Reference;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// The pages under `docs` that are made from the program. With `-Dmainstay.write-docs=true` they are written.
class ReferencePagesTest {

    private static final Path DOCS = Path.of("..", "docs");

    private static void isUpToDate(String name, String page) throws IOException {
        Path file = DOCS.resolve(name);
        if (Boolean.getBoolean("mainstay.write-docs")) {
            Files.writeString(file, page);
        }
        assertThat(file)
                .as(
                        "write it again: mvn -pl server -am test -Dtest=ReferencePagesTest -Dmainstay.write-docs=true")
                .hasContent(page);
    }

    private static CommandLine program() {
        return Main.commandLine(
                config -> {
                    throw new IOException("not started here");
                });
    }

    @Test
    void theConfigurationPageIsUpToDate() throws IOException {
        isUpToDate("configuration.md", Reference.page());
    }

    @Test
    void theCommandPageIsUpToDate() throws IOException {
        isUpToDate("cli.md", CommandReference.page(program()));
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        List<String> without = new ArrayList<>();
        collect(program(), without);
        assertThat(without).isEmpty();
    }

    private static void collect(CommandLine command, List<String> without) {
        var spec = command.getCommandSpec();
        if (spec.usageMessage().footer().length == 0 || spec.findOption("--help") == null) {
            without.add(spec.qualifiedName());
        }
        new LinkedHashSet<>(command.getSubcommands().values())
                .forEach(child -> collect(child, without));
    }
}
