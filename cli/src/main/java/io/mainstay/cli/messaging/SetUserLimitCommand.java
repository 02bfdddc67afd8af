package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `mainstay user limit set`
@Command(
        name = "set",
        description = "Limits a user. What is there beyond the limit stays. Right of an ADMIN.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay user limit set orders-service max-channels 100 --user root"})
final class SetUserLimitCommand extends AdminCommand {

    @Parameters(index = "0", paramLabel = "USER", description = "Name of the user.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "LIMIT",
            description = "Which one: max-connections or max-channels.")
    private String limit = "";

    @Parameters(index = "2", paramLabel = "MOST", description = "How many there may be, 0 and up.")
    private int most;

    @Override
    protected int run(AdminClient client) {
        Object answer =
                client.put(
                        Limits.path(Limits.OF_USERS, name, limit),
                        Map.<String, Object>of("most", most));
        done(answer, limit + " of " + name + " is " + most);
        return ExitCode.OK;
    }
}
