package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// `mainstay definitions import`
@Command(
        name = "import",
        description = {
            "Takes in what RabbitMQ (3.8 to 4.x) or this node exported. What is there under its name stays as it is.",
            "What has no counterpart here, and what was refused, is named; the exit code is then 6 for the latter."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay definitions import rabbitmq-export.json --user root"})
final class ImportDefinitionsCommand extends AdminCommand {

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Override
    protected int run(AdminClient client) {
        Object answer = client.post("/messaging/definitions", parsed(read()));
        show(
                answer,
                () -> {
                    Table table = new Table("definitions", "");
                    table.row("taken in", taken(answer));
                    Json.list(answer, "leftOut").forEach(text -> table.row("left out", text));
                    Json.list(answer, "refused").forEach(text -> table.row("refused", text));
                    return table;
                });
        return Json.list(answer, "refused").isEmpty() ? ExitCode.OK : ExitCode.CONFLICT;
    }

    private static Object taken(@Nullable Object answer) {
        int refused = Json.list(answer, "refused").size();
        return Json.member(answer, "items") instanceof Number items
                ? items.longValue() - refused
                : 0;
    }

    private @Nullable Object parsed(String text) {
        try {
            return Json.parse(text);
        } catch (CliException notJson) {
            throw new CliException(
                    ExitCode.USAGE,
                    file + " is not JSON: give it what RabbitMQ or this node exported",
                    notJson);
        }
    }

    private String read() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new CliException(ExitCode.USAGE, "there is no file " + file, missing);
        } catch (IOException unreadable) {
            throw new CliException(
                    ExitCode.USAGE, file + " cannot be read: " + unreadable, unreadable);
        }
    }
}
