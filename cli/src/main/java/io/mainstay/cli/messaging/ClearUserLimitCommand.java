package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay user limit clear`
@Command(
        name = "clear",
        description = "Takes a limit of a user away. Right of an ADMIN.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user limit clear orders-service max-channels --user root"})
final class ClearUserLimitCommand extends AdminCommand {

    @Parameters(index = "0", paramLabel = "USER", description = "Name of the user.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "LIMIT",
            description = "Which one: max-connections or max-channels.")
    private String limit = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.delete(Limits.path(Limits.OF_USERS, name, limit));
        done(answer, name + " has no limit " + limit + " any more");
        return ExitCode.OK;
    }
}
