package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay policy create`
@Command(
        name = "create",
        description = "Makes or changes a policy.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay policy create limits ^orders --definition max-length=1000 --apply-to queues"
        })
final class CreatePolicyCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "POLICY", description = "Name of the policy.")
    private String policy = "";

    @Parameters(
            index = "1",
            paramLabel = "PATTERN",
            description = "Regular expression for names of queues and exchanges.")
    private String pattern = "";

    @Option(
            names = "--definition",
            paramLabel = "KEY=VALUE",
            required = true,
            description = "One setting; may be repeated.")
    private Map<String, String> definition = new LinkedHashMap<>();

    @Option(
            names = "--apply-to",
            paramLabel = "WHAT",
            description =
                    "queues, exchanges, all, classic_queues, quorum_queues or streams (default: all).")
    private String applyTo = "all";

    @Option(
            names = "--priority",
            paramLabel = "N",
            description = "Of several that match the highest counts (default: 0).")
    private int priority;

    @Option(names = "--operator", description = "An operator policy: its limits are upper bounds.")
    private boolean operator;

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("pattern", pattern);
        body.put("definition", typed(definition));
        body.put("applyTo", applyTo);
        body.put("priority", priority);
        body.put("operator", operator);
        done(client.put(path("policies", policy), body), "policy " + policy + " is there");
        return ExitCode.OK;
    }
}
