package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay registry protect`
@Command(
        name = "protect",
        description = "Shows whether evictions are held and why, or turns this on or off.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay registry protect", "  mainstay registry protect off --yes"})
final class ProtectCommand extends RegistryAdminCommand {

    @Parameters(arity = "0..1", paramLabel = "on|off", description = "The new state.")
    private @Nullable String wanted;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        if (wanted == null) {
            Object answer = client.get("/registry/protection");
            show(answer, () -> table(answer));
            return ExitCode.OK;
        }
        if (!wanted.equals("on") && !wanted.equals("off")) {
            throw new CliException(ExitCode.USAGE, "\"" + wanted + "\" is not allowed: on or off");
        }
        if (wanted.equals("off")) {
            confirm(yes, "Without protection a lost network may remove all instances.");
        }
        Object answer = client.put("/registry/protection?enabled=" + wanted.equals("on"), null);
        done(answer, "protection is " + wanted);
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("scope", "held", "expected", "missing", "explanation");
        row(table, Json.member(answer, "global"));
        Json.list(answer, "services").forEach(scope -> row(table, scope));
        return table;
    }

    private static void row(Table table, @Nullable Object scope) {
        table.row(
                Json.member(scope, "name"),
                Json.member(scope, "tripped"),
                Json.member(scope, "expected"),
                Json.member(scope, "missing"),
                Json.member(scope, "explanation"));
    }
}
