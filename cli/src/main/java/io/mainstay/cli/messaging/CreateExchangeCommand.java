package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay exchange create`
@Command(
        name = "create",
        description =
                "Declares an exchange. One that is there stays; with other properties it is a conflict.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay exchange create events --type topic"})
final class CreateExchangeCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "EXCHANGE", description = "Name of the exchange.")
    private String exchange = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "direct, fanout, topic, headers, x-consistent-hash or x-delayed-message (default: direct).")
    private String type = "direct";

    @Option(names = "--transient", description = "It goes with the node.")
    private boolean transientExchange;

    @Option(names = "--auto-delete", description = "It goes with its last binding.")
    private boolean autoDelete;

    @Option(names = "--internal", description = "Only other exchanges lead to it.")
    private boolean internal;

    @Option(
            names = "--argument",
            paramLabel = "KEY=VALUE",
            description = "One argument; may be repeated.")
    private Map<String, String> arguments = new LinkedHashMap<>();

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("durable", !transientExchange);
        body.put("autoDelete", autoDelete);
        body.put("internal", internal);
        body.put("arguments", typed(arguments));
        done(client.put(path("exchanges", exchange), body), "exchange " + exchange + " is there");
        return ExitCode.OK;
    }
}
