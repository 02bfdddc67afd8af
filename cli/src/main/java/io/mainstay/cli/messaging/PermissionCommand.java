package io.mainstay.cli.messaging;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay permission`
@Command(
        name = "permission",
        description = "What users may do in virtual hosts.",
        subcommands = {
            ListPermissionsCommand.class,
            ShowPermissionCommand.class,
            CreatePermissionCommand.class,
            DeletePermissionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay permission list --user root"})
public final class PermissionCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
