package io.mainstay.cli.registry;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;

/// `mainstay registry services`
@Command(
        name = "services",
        description = "Lists the services with the number of their instances.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay registry services", "  mainstay registry services -o json"})
final class ServicesCommand extends RegistryAdminCommand {

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(services());
        show(answer, () -> table(answer));
        return ExitCode.OK;
    }

    private static Table table(@Nullable Object answer) {
        Table table = new Table("service", "instances", "up", "revision");
        for (Object service : Json.list(answer, "items")) {
            table.row(
                    Json.member(service, "service"),
                    Json.member(service, "instances"),
                    Json.member(service, "up"),
                    Json.member(service, "revision"));
        }
        return table;
    }
}
