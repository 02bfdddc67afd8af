package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay vhost show`
@Command(
        name = "show",
        description = "Shows one virtual host.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay vhost show orders"})
final class ShowVhostCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "VHOST", description = "Its name.")
    private String name = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get("/messaging/vhosts");
        Object one =
                One.of(
                        answer,
                        "virtual host " + name,
                        item -> name.equals(Json.member(item, "name")));
        show(one, () -> new Table("field", "value").flat("", one));
        return ExitCode.OK;
    }
}
