package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;

import picocli.CommandLine.Command;

/// `mainstay definitions export`
@Command(
        name = "export",
        description =
                "Prints users and topology as JSON that RabbitMQ reads, too. Hashes of passwords are in it: keep it to yourself.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay definitions export --user root > definitions.json"})
final class ExportDefinitionsCommand extends AdminCommand {

    @Override
    protected int run(AdminClient client) {
        out().println(Json.write(client.get("/messaging/definitions")));
        out().flush();
        return ExitCode.OK;
    }
}
