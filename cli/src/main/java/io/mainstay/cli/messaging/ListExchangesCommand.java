package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

/// `mainstay exchange list`
@Command(
        name = "list",
        description = "Lists the exchanges of a virtual host.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay exchange list"})
final class ListExchangesCommand extends MessagingAdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("exchanges"));
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("exchange", "type", "durable", "internal", "alternate");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "name"),
                    Json.member(item, "type"),
                    Json.member(item, "durable"),
                    Json.member(item, "internal"),
                    Json.member(item, "alternate"));
        }
        return table;
    }
}
