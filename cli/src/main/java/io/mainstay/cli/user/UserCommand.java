package io.mainstay.cli.user;

import io.mainstay.cli.messaging.UserLimitCommand;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mainstay user`
@Command(
        name = "user",
        description = "Users, their roles and tokens.",
        subcommands = {
            AddUserCommand.class,
            ListUsersCommand.class,
            ShowUserCommand.class,
            UserRoleCommand.class,
            UserNamespacesCommand.class,
            PasswordCommand.class,
            RemoveUserCommand.class,
            TokenCommand.class,
            UserLimitCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay user add root                        the first user of a node on loopback",
            "  mainstay user init --data /var/lib/mainstay   the first user of a node that does not run",
            "  mainstay user list --user root"
        })
public final class UserCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;
}
