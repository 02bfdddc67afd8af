package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mainstay policy show`
@Command(
        name = "show",
        description = "Shows one policy with its definition.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay policy show short-queues"})
final class ShowPolicyCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "POLICY", description = "Its name.")
    private String name = "";

    @Option(names = "--operator", description = "The operator policy of that name.")
    private boolean operator;

    @Override
    protected int run(AdminClient client) {
        Object answer = client.get(path("policies"));
        Object one =
                One.of(
                        answer,
                        (operator ? "operator policy " : "policy ") + name,
                        item ->
                                name.equals(Json.member(item, "name"))
                                        && Boolean.valueOf(operator)
                                                .equals(Json.member(item, "operator")));
        show(one, () -> new Table("field", "value").flat("", one));
        return ExitCode.OK;
    }
}
