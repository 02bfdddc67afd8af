package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay user remove`
@Command(
        name = "remove",
        description =
                "Removes a user with all tokens, permissions and limits. The last ADMIN goes last.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user remove ann --yes --user root"})
final class RemoveUserCommand extends UserAdminCommand {

    @Parameters(paramLabel = "NAME", description = "Name of the user.")
    private String name = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This removes the user " + name + " and its tokens, permissions and limits.");
        done(client.delete(user(name)), "removed " + name);
        return ExitCode.OK;
    }
}
