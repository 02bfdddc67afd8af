package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `mainstay queue show`
@Command(
        name = "show",
        description = "Shows everything about one queue, and who consumes from it.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay queue show orders"})
final class ShowQueueCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("queues", queue));
        List<?> consumers =
                Json.list(
                        client.get(path("consumers") + "&queue=" + AdminClient.segment(queue)),
                        "items");
        Map<Object, Object> all = new LinkedHashMap<>();
        if (answer instanceof Map<?, ?> fields) {
            all.putAll(fields);
        }
        all.put("consumerItems", consumers);
        show(all, () -> table(answer, consumers));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer, List<?> consumers) {
        Table table = new Table("field", "value").flat("", answer);
        for (Object consumer : consumers) {
            table.row("consumer " + Table.text(Json.member(consumer, "tag")), line(consumer));
        }
        return table;
    }

    /// Who it is and, of a reader of a stream, where.
    private static String line(Object consumer) {
        String line =
                "%s, channel %s, prefetch %s"
                        .formatted(
                                Json.member(consumer, "connectionName"),
                                Json.member(consumer, "channel"),
                                Json.member(consumer, "prefetch"));
        Object offset = Json.member(consumer, "nextOffset");
        return offset == null
                ? line
                : line
                        + ", next offset %s, %s behind"
                                .formatted(offset, Json.member(consumer, "lag"));
    }
}
