package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay binding`
@Command(
        name = "binding",
        description = "Bindings between exchanges and queues.",
        subcommands = {
            ListBindingsCommand.class,
            CreateBindingCommand.class,
            DeleteBindingCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay binding list"})
public final class BindingCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
