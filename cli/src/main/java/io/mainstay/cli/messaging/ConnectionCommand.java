package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay connection`
@Command(
        name = "connection",
        description = "Connections of clients to a node, and their channels.",
        subcommands = {
            ListConnectionsCommand.class,
            ShowConnectionCommand.class,
            CloseConnectionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay connection list"})
public final class ConnectionCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
