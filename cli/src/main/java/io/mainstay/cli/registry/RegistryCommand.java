package io.mainstay.cli.registry;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay registry`
@Command(
        name = "registry",
        description = "Services and their instances.",
        subcommands = {
            NamespacesCommand.class,
            ServicesCommand.class,
            InstancesCommand.class,
            ShowCommand.class,
            WatchCommand.class,
            SubscribersCommand.class,
            RegisterCommand.class,
            CancelCommand.class,
            InstanceStatusCommand.class,
            ProtectCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay registry services", "  mainstay registry watch"})
public final class RegistryCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
