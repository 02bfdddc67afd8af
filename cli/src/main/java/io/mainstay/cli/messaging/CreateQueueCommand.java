package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay queue create`
@Command(
        name = "create",
        description =
                "Declares a queue. One that is there stays; with other properties it is a conflict.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay queue create orders",
            "  mainstay queue create orders --type quorum --argument x-delivery-limit=5"
        })
final class CreateQueueCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "classic, quorum or stream (default: classic).")
    private @Nullable String type;

    @Option(names = "--transient", description = "It goes with the node.")
    private boolean transientQueue;

    @Option(names = "--auto-delete", description = "It goes with its last consumer.")
    private boolean autoDelete;

    @Option(
            names = "--argument",
            paramLabel = "KEY=VALUE",
            description = "One argument; may be repeated.")
    private Map<String, String> arguments = new LinkedHashMap<>();

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        Map<String, Object> all = new LinkedHashMap<>(typed(arguments));
        if (type != null) {
            all.put("x-queue-type", type);
        }
        body.put("durable", !transientQueue);
        body.put("autoDelete", autoDelete);
        body.put("arguments", all);
        done(client.put(path("queues", queue), body), "queue " + queue + " is there");
        return ExitCode.OK;
    }
}
