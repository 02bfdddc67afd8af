package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay queue purge`
@Command(
        name = "purge",
        description = "Drops what is ready in a queue; what consumers have in hand stays.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay queue purge orders --yes"})
final class PurgeQueueCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This drops the messages of " + queue + ".");
        Object answer = client.post(path("queues", queue, "purge"), null);
        done(answer, "dropped " + Json.member(answer, "messages") + " messages of " + queue);
        return ExitCode.OK;
    }
}
