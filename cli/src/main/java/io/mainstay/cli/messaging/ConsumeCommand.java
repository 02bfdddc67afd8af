package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay consume`
@Command(
        name = "consume",
        description = "Takes messages out of a queue and prints them. They are gone then.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay consume orders --count 10"})
final class ConsumeCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
    private String queue = "";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "Messages at most, 1 to 1000 (default: 1).")
    private int count = 1;

    @Override
    protected int run(AdminClient client) {
        Object answer = client.delete(path("queues", queue, "messages") + "&count=" + count);
        show(answer, () -> Messages.table(answer));
        return ExitCode.OK;
    }
}
