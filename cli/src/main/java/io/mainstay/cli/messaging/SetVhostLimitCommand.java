package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `mainstay vhost limit set`
@Command(
        name = "set",
        description =
                "Limits a virtual host. What is there beyond the limit stays. Right of an ADMIN.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost limit set shop max-queues 100 --user root"})
final class SetVhostLimitCommand extends AdminCommand {

    @Parameters(index = "0", paramLabel = "VHOST", description = "Name of the virtual host.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "LIMIT",
            description = "Which one: max-connections or max-queues.")
    private String limit = "";

    @Parameters(index = "2", paramLabel = "MOST", description = "How many there may be, 0 and up.")
    private int most;

    @Override
    protected int run(AdminClient client) {
        Object answer =
                client.put(
                        Limits.path(Limits.OF_VHOSTS, name, limit),
                        Map.<String, Object>of("most", most));
        done(answer, limit + " of " + name + " is " + most);
        return ExitCode.OK;
    }
}
