package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay peek`
@Command(
        name = "peek",
        description =
                "Shows the next messages of a queue. They stay there as they are: nothing is marked or held back.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay peek orders", "  mainstay peek orders --count 10 -o json"})
final class PeekCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue = "";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "Messages at most, 1 to 100 (default: 1).")
    private int count = 1;

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("queues", queue, "messages") + "&count=" + count);
        show(answer, () -> Messages.table(answer));
        return ExitCode.OK;
    }
}
