package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

/// `mainstay registry namespaces`
@Command(
        name = "namespaces",
        description = "Lists the namespaces that hold services and that you may see.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay registry namespaces", "  mainstay registry services -n team-a"})
final class NamespacesCommand extends AdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get("/registry/namespaces");
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("namespace", "services", "instances");
        for (Object namespace : Json.list(answer, "items")) {
            table.row(
                    Json.member(namespace, "namespace"),
                    Json.member(namespace, "services"),
                    Json.member(namespace, "instances"));
        }
        return table;
    }
}
