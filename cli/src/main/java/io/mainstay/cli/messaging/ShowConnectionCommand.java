package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.AdminCommand;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay connection show`
@Command(
        name = "show",
        description = "Shows everything about one connection, with its channels and consumers.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay connection show node-1.ab12cd34ef56 -o json"})
final class ShowConnectionCommand extends AdminCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "Its id, as connection list shows.")
    private String id = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get("/messaging/connections/" + AdminClient.segment(id));
        show(answer, () -> new Table("field", "value").flat("", answer));
        return ExitCode.OK;
    }
}
