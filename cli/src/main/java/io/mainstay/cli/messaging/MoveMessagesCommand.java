package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay queue move`
@Command(
        name = "move",
        description =
                "Moves messages to another queue of the virtual host, in their order and as they are: dead letters back, for example. What comes in"
                        + " meanwhile stays. A message is taken out once the target has it durably; one that the target refuses ends the move.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay queue move orders.dead orders",
            "  mainstay queue move orders.dead orders --limit 10"
        })
final class MoveMessagesCommand extends MessagingAdminCommand {

    /// What the node moves in one call at most.
    private static final long AT_ONCE = 10_000;

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Where messages are.")
    private String queue = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "The queue that they go to.")
    private String target = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Messages at most (default: all that are ready at the beginning).")
    private long limit = Long.MAX_VALUE;

    @Override
    protected int run(AdminClient client) {
        if (limit < 1) {
            throw new CliException(ExitCode.USAGE, "--limit is " + limit + ", allowed: 1 and up");
        }
        long left = limit;
        long moved = 0;
        String stopped = "";
        while (left > 0 && stopped.isEmpty()) {
            Object answer = client.post(path("queues", queue, "move"), body(left));
            long part = number(answer, "moved");
            // Bounded by what the first call found: what comes in meanwhile, or back, is not moved.
            left = (moved == 0 ? Math.min(left, number(answer, "ready")) : left) - part;
            moved += part;
            stopped = String.valueOf(Json.member(answer, "stopped"));
            if (part == 0) {
                break;
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("moved", moved);
        result.put("stopped", stopped);
        done(
                result,
                "moved %d messages of %s to %s%s"
                        .formatted(
                                moved,
                                Table.text(queue),
                                Table.text(target),
                                stopped.isEmpty()
                                        ? ""
                                        : ", then it ended: " + Table.text(stopped)));
        return stopped.isEmpty() ? ExitCode.OK : ExitCode.CONFLICT;
    }

    private Map<String, Object> body(long left) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("target", target);
        body.put("limit", Math.min(AT_ONCE, left));
        return body;
    }

    private static long number(@Nullable Object answer, String name) {
        return Json.member(answer, name) instanceof Number number ? number.longValue() : 0;
    }
}
