package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay connection list`
@Command(
        name = "list",
        description = "Lists the connections of clients to the node.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay connection list", "  mainstay connection list --find payment"})
final class ListConnectionsCommand extends AdminCommand {

    @Option(
            names = "--find",
            paramLabel = "TEXT",
            description = "Those with this text in address, user or name of the client.")
    private String find = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get("/messaging/connections?name=" + AdminClient.segment(find));
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table =
                new Table("id", "client", "address", "user", "virtual host", "state", "channels");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "id"),
                    Json.member(item, "client"),
                    Json.member(item, "name"),
                    Json.member(item, "user"),
                    Json.member(item, "vhost"),
                    Json.member(item, "state"),
                    Json.member(item, "channels"));
        }
        return table;
    }
}
