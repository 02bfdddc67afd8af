package io.mainstay.cli.user;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay user show`
@Command(
        name = "show",
        description = "Shows one user.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user show orders-service --user root"})
final class ShowUserCommand extends UserAdminCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the user.")
    private String name = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get("/users/" + AdminClient.segment(name));
        show(answer, () -> new Table("field", "value").flat("", answer));
        return ExitCode.OK;
    }
}
