package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay registry status`
@Command(
        name = "status",
        description = "Sets a status that goes before the instance's own, or clears it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay registry status ORDER order-1:8080 OUT_OF_SERVICE    drains it",
            "  mainstay registry status ORDER order-1:8080 clear"
        })
final class InstanceStatusCommand extends RegistryAdminCommand {

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Name of the service.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id of the instance.")
    private String id = "";

    @Parameters(
            index = "2",
            paramLabel = "STATUS",
            description = "${COMPLETION-CANDIDATES}; clear gives the say back to the instance.")
    private Status status = Status.CLEAR;

    enum Status {
        UP,
        DOWN,
        STARTING,
        OUT_OF_SERVICE,
        UNKNOWN,
        CLEAR
    }

    @Override
    protected int run(AdminClient client) {
        String path = status(service, id);
        if (status == Status.CLEAR) {
            done(client.delete(path), "cleared the status of " + id + " of " + service);
        } else {
            done(
                    client.put(path + "&value=" + status.name(), null),
                    "set " + id + " of " + service + " to " + status);
        }
        return ExitCode.OK;
    }
}
