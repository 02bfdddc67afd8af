package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;

/// `mainstay registry subscribers`
@Command(
        name = "subscribers",
        description = {
            "Lists who is told of changes over the streaming protocol.",
            "Those that are behind for longest come first."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay registry subscribers",
            "  mainstay registry subscribers ORDER --limit 10"
        })
final class SubscribersCommand extends RegistryAdminCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "Name of the service (default: all).")
    private String service = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Rows at most, 1 to 1,000 (default: 100).")
    private int limit = 100;

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(subscribers(service, limit));
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table =
                new Table("subscriber", "service", "selector", "revision", "present", "behind");
        for (Object item : Json.list(answer, "items")) {
            table.row(
                    Json.member(item, "who"),
                    Json.member(item, "service"),
                    selector(Json.member(item, "zones"), Json.member(item, "labels")),
                    Json.member(item, "revision"),
                    Json.member(item, "presentRevision"),
                    Json.member(item, "behindMs") + " ms");
        }
        return table;
    }

    private static String selector(@Nullable Object zones, @Nullable Object labels) {
        StringBuilder text = new StringBuilder();
        if (zones instanceof List<?> list && !list.isEmpty()) {
            text.append("zones=").append(Table.text(list));
        }
        if (labels instanceof Map<?, ?> map && !map.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append(Table.text(map));
        }
        return text.toString();
    }
}
