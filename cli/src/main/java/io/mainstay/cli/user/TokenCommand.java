package io.mainstay.cli.user;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay user token`
@Command(
        name = "token",
        description =
                "Tokens for programs: as good as the password of their user, and removed one by one.",
        subcommands = {AddTokenCommand.class, RemoveTokenCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user token add deploy ci --user root",
            "  MAINSTAY_TOKEN=... mainstay registry services"
        })
final class TokenCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
