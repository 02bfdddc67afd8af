package io.mainstay.cli.user;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay user`
@Command(
        name = "user",
        description = "Users, their roles and tokens.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user init --data /var/lib/mainstay"})
public final class UserCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
