package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

/// `mainstay vhost list`
@Command(
        name = "list",
        description = "Lists the virtual hosts.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost list"})
final class ListVhostsCommand extends MessagingAdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get("/messaging/vhosts");
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("virtual host", "description", "queues", "exchanges");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "name"),
                    Json.member(item, "description"),
                    Json.member(item, "queues"),
                    Json.member(item, "exchanges"));
        }
        return table;
    }
}
