package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay definitions`
@Command(
        name = "definitions",
        description = "Users and topology as one file, in RabbitMQ's form.",
        subcommands = {ExportDefinitionsCommand.class, ImportDefinitionsCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay definitions import rabbitmq-export.json"})
public final class DefinitionsCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
