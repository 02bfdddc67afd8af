package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Map;

/// `mainstay vhost create`
@Command(
        name = "create",
        description = "Makes a virtual host, or changes its description.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost create orders --description shop"})
final class CreateVhostCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "VHOST", description = "Name of the virtual host.")
    private String name = "";

    @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
    private String description = "";

    @Override
    protected int run(AdminClient client) {
        Object answer =
                client.put(
                        "/messaging/vhosts/" + AdminClient.segment(name),
                        Map.of("description", description));
        done(answer, "virtual host " + name + " is there");
        return ExitCode.OK;
    }
}
