package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay queue list`
@Command(
        name = "list",
        description = "Lists the queues of a virtual host with their figures.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay queue list",
            "  mainstay queue list --sort ready",
            "  mainstay queue list --vhost orders -o json"
        })
final class ListQueuesCommand extends MessagingAdminCommand {

    @Option(
            names = "--find",
            paramLabel = "TEXT",
            description = "Those with this text in their name.")
    private String find = "";

    @Option(
            names = "--sort",
            paramLabel = "FIELD",
            description =
                    "name, type, ready, unacked, bytes, consumers, publishRate, deliverRate or ackRate (default: name).")
    private String sort = "";

    @Override
    protected int run(AdminClient client) {
        // Figures are asked for with the highest first.
        String order =
                sort.isEmpty() ? "" : "&sort=" + sort + "&reverse=" + !sort.matches("name|type");
        String named = find.isEmpty() ? "" : "&name=" + AdminClient.segment(find);
        Object answer = client.get(path("queues") + named + order);
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table =
                new Table(
                        "queue",
                        "type",
                        "state",
                        "ready",
                        "unacked",
                        "bytes",
                        "consumers",
                        "policy");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "name"),
                    Json.member(item, "type"),
                    Json.member(item, "state"),
                    Json.member(item, "ready"),
                    Json.member(item, "unacked"),
                    Json.member(item, "bytes"),
                    Json.member(item, "consumers"),
                    Json.member(item, "policy"));
        }
        return table;
    }
}
