package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

/// `mainstay binding list`
@Command(
        name = "list",
        description =
                "Lists the bindings of a virtual host; those to the default exchange are implied.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay binding list"})
final class ListBindingsCommand extends MessagingAdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("bindings"));
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("source", "destination", "to exchange", "routing key");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "source"),
                    Json.member(item, "destination"),
                    Json.member(item, "toExchange"),
                    Json.member(item, "routingKey"));
        }
        return table;
    }
}
