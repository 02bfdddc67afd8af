package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay queue show`
@Command(
        name = "show",
        description = "Shows everything about one queue.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay queue show orders"})
final class ShowQueueCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("queues", queue));
        show(answer, () -> new Table("field", "value").flat("", answer));
        return ExitCode.OK;
    }
}
