package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;

/// `mainstay user limit list`
@Command(
        name = "list",
        description = "Lists the limits of all users. Right of an ADMIN.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user limit list --user root"})
final class ListUserLimitsCommand extends AdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(Limits.OF_USERS);
        show(answer, () -> Limits.table(answer, "user", "user"));
        return ExitCode.OK;
    }
}
