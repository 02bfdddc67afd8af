package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay vhost limit`
@Command(
        name = "limit",
        description = "Limits of virtual hosts in messaging: max-connections or max-queues.",
        subcommands = {
            ListVhostLimitsCommand.class,
            SetLimitCommand.OfVhost.class,
            ClearLimitCommand.OfVhost.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost limit set shop max-queues 100 --user root"})
public final class VhostLimitCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
