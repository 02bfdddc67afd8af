package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay policy delete`
@Command(
        name = "delete",
        description = "Deletes a policy.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay policy delete limits --yes"})
final class DeletePolicyCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "POLICY", description = "Name of the policy.")
    private String policy = "";

    @Option(names = "--operator", description = "It is an operator policy.")
    private boolean operator;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    @Override
    protected int run(AdminClient client) {
        confirm(yes, "This deletes policy " + policy + ".");
        done(
                client.delete(path("policies", policy) + "&operator=" + operator),
                "deleted policy " + policy);
        return ExitCode.OK;
    }
}
