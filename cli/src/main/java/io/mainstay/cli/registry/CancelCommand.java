package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay registry cancel`
@Command(
        name = "cancel",
        description =
                "Removes an instance. A client that lives registers again with its next beat.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay registry cancel ORDER order-1:8080 --yes"})
final class CancelCommand extends RegistryAdminCommand {

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Name of the service.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id of the instance.")
    private String id = "";

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This removes the instance " + id + " of " + service + ".");
        done(client.delete(instance(service, id)), "cancelled " + id + " of " + service);
        return ExitCode.OK;
    }
}
