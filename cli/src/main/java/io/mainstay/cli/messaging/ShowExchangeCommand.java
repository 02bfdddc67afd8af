package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mainstay exchange show`
@Command(
        name = "show",
        description = "Shows everything about one exchange.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay exchange show events"})
final class ShowExchangeCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "EXCHANGE", description = "Name of the exchange.")
    private String exchange = "";

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("exchanges", exchange));
        show(answer, () -> new Table("field", "value").flat("", answer));
        return ExitCode.OK;
    }
}
