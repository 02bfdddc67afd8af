package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

/// `mainstay policy list`
@Command(
        name = "list",
        description = "Lists the policies of a virtual host, those of operators too.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay policy list"})
final class ListPoliciesCommand extends MessagingAdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("policies"));
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("policy", "pattern", "applies to", "priority", "operator");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "name"),
                    Json.member(item, "pattern"),
                    Json.member(item, "applyTo"),
                    Json.member(item, "priority"),
                    Json.member(item, "operator"));
        }
        return table;
    }
}
