package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay policy`
@Command(
        name = "policy",
        description = "Policies for queues and exchanges.",
        subcommands = {
            ListPoliciesCommand.class,
            ShowPolicyCommand.class,
            CreatePolicyCommand.class,
            DeletePolicyCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay policy list"})
public final class PolicyCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
