package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;

/// `mainstay vhost limit list`
@Command(
        name = "list",
        description = "Lists the limits of all virtual hosts.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost limit list"})
final class ListVhostLimitsCommand extends AdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(Limits.OF_VHOSTS);
        show(answer, () -> Limits.table(answer, "vhost", "virtual host"));
        return ExitCode.OK;
    }
}
