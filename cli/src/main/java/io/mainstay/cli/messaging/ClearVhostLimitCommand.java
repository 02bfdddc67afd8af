package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay vhost limit clear`
@Command(
        name = "clear",
        description = "Takes a limit of a virtual host away. Right of an ADMIN.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost limit clear shop max-queues --user root"})
final class ClearVhostLimitCommand extends AdminCommand {

    @Parameters(index = "0", paramLabel = "VHOST", description = "Name of the virtual host.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "LIMIT",
            description = "Which one: max-connections or max-queues.")
    private String limit = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.delete(Limits.path(Limits.OF_VHOSTS, name, limit));
        done(answer, name + " has no limit " + limit + " any more");
        return ExitCode.OK;
    }
}
