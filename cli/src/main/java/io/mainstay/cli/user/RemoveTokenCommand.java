package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay user token remove`
@Command(
        name = "remove",
        description = "Removes a token: who uses it is refused from then on.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user token remove deploy ci --yes --user root"})
final class RemoveTokenCommand extends UserAdminCommand {

    @Parameters(index = "0", paramLabel = "USER", description = "Whose token it is.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "LABEL", description = "What it is for.")
    private String label = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This removes the token " + label + " of " + name + ".");
        done(client.delete(token(name, label)), "removed the token " + label + " of " + name);
        return ExitCode.OK;
    }
}
