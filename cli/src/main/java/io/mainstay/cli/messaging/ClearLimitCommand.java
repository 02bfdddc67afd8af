package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `mainstay user limit clear` and `mainstay vhost limit clear`
abstract class ClearLimitCommand extends AdminCommand {

    abstract LimitName which();

    @Override
    protected int run(AdminClient client) {
        LimitName which = which();
        Object answer = client.delete(which.path());
        done(answer, which.name() + " has no limit " + which.limit() + " any more");
        return ExitCode.OK;
    }

    @Command(
            name = "clear",
            description = "Takes a limit of a user away. Right of an ADMIN.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay user limit clear orders-service max-channels --user root"})
    static final class OfUser extends ClearLimitCommand {
        @Mixin private final LimitName.OfUser which = new LimitName.OfUser();

        @Override
        LimitName which() {
            return which;
        }
    }

    @Command(
            name = "clear",
            description = "Takes a limit of a virtual host away. Right of an ADMIN.",
            footerHeading = "%nExamples:%n",
            footer = {"  mainstay vhost limit clear shop max-queues --user root"})
    static final class OfVhost extends ClearLimitCommand {
        @Mixin private final LimitName.OfVhost which = new LimitName.OfVhost();

        @Override
        LimitName which() {
            return which;
        }
    }
}
