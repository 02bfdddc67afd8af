package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay queue delete`
@Command(
        name = "delete",
        description = "Deletes a queue with its messages.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay queue delete orders --if-empty --yes"})
final class DeleteQueueCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue = "";

    @Option(names = "--if-empty", description = "Only if nothing is in it.")
    private boolean ifEmpty;

    @Option(names = "--if-unused", description = "Only if nobody consumes.")
    private boolean ifUnused;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This deletes queue " + queue + " and its messages.");
        done(
                client.delete(
                        path("queues", queue) + "&ifEmpty=" + ifEmpty + "&ifUnused=" + ifUnused),
                "deleted queue " + queue);
        return ExitCode.OK;
    }
}
