package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay exchange delete`
@Command(
        name = "delete",
        description = "Deletes an exchange and its bindings.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay exchange delete events --yes"})
final class DeleteExchangeCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "EXCHANGE", description = "Name of the exchange.")
    private String exchange = "";

    @Option(names = "--if-unused", description = "Only if nothing is bound to it.")
    private boolean ifUnused;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This deletes exchange " + exchange + ".");
        done(
                client.delete(path("exchanges", exchange) + "&ifUnused=" + ifUnused),
                "deleted exchange " + exchange);
        return ExitCode.OK;
    }
}
