package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `mainstay user limit set` and `mainstay vhost limit set`
abstract class SetLimitCommand extends AdminCommand {

    @Parameters(index = "2", paramLabel = "MOST", description = "How many there may be, 0 and up.")
    private int most;

    abstract LimitName which();

    @Override
    protected int run(AdminClient client) {
        LimitName which = which();
        Object answer = client.put(which.path(), Map.<String, Object>of("most", most));
        done(answer, which.limit() + " of " + which.name() + " is " + most);
        return ExitCode.OK;
    }

    @Command(
            name = "set",
            description = "Limits a user. What is there beyond the limit stays. Right of an ADMIN.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay user limit set orders-service max-channels 100 --user root"})
    static final class OfUser extends SetLimitCommand {
        @Mixin private final LimitName.OfUser which = new LimitName.OfUser();

        @Override
        LimitName which() {
            return which;
        }
    }

    @Command(
            name = "set",
            description =
                    "Limits a virtual host. What is there beyond the limit stays. Right of an ADMIN.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay vhost limit set shop max-queues 100 --user root"})
    static final class OfVhost extends SetLimitCommand {
        @Mixin private final LimitName.OfVhost which = new LimitName.OfVhost();

        @Override
        LimitName which() {
            return which;
        }
    }
}
