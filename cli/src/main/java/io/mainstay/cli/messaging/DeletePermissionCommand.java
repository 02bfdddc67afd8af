package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay permission delete`
@Command(
        name = "delete",
        description = "Takes the permissions of a user in a virtual host.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay permission delete app --yes"})
final class DeletePermissionCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "USER", description = "Name of the user.")
    private String user = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This deletes the permission of " + user + ".");
        done(client.delete(path("permissions", user)), "deleted the permission of " + user);
        return ExitCode.OK;
    }
}
