package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay user limit`
@Command(
        name = "limit",
        description = "Limits of users in messaging: max-connections or max-channels.",
        subcommands = {
            ListUserLimitsCommand.class,
            SetLimitCommand.OfUser.class,
            ClearLimitCommand.OfUser.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user limit set orders-service max-channels 100 --user root"})
public final class UserLimitCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
