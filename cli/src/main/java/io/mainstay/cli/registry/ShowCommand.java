package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay registry show`
@Command(
        name = "show",
        description = "Shows everything about one instance.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay registry show ORDER order-1:8080"})
final class ShowCommand extends RegistryAdminCommand {

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Name of the service.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id of the instance.")
    private String id = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(instance(service, id));
        show(answer, () -> new Table("field", "value").flat("", answer));
        return ExitCode.OK;
    }
}
