package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay exchange`
@Command(
        name = "exchange",
        description = "Exchanges, which route messages to queues.",
        subcommands = {
            ListExchangesCommand.class,
            ShowExchangeCommand.class,
            CreateExchangeCommand.class,
            DeleteExchangeCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay exchange list"})
public final class ExchangeCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
