package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay vhost delete`
@Command(
        name = "delete",
        description = "Deletes a virtual host with everything in it.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost delete orders --yes"})
final class DeleteVhostCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "VHOST", description = "Name of the virtual host.")
    private String name = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This deletes virtual host " + name + " with all its queues and messages.");
        done(
                client.delete("/messaging/vhosts/" + AdminClient.segment(name)),
                "deleted virtual host " + name);
        return ExitCode.OK;
    }
}
