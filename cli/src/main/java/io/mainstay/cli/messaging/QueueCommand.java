package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay queue`
@Command(
        name = "queue",
        description = "Queues of messages.",
        subcommands = {
            ListQueuesCommand.class,
            ShowQueueCommand.class,
            CreateQueueCommand.class,
            DeleteQueueCommand.class,
            PurgeQueueCommand.class,
            MoveMessagesCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay queue list"})
public final class QueueCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
