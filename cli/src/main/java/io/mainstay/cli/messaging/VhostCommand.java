package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay vhost`
@Command(
        name = "vhost",
        description = "Virtual hosts.",
        subcommands = {
            ListVhostsCommand.class,
            ShowVhostCommand.class,
            CreateVhostCommand.class,
            DeleteVhostCommand.class,
            VhostLimitCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost list"})
public final class VhostCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
