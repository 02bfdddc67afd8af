package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay binding create`
@Command(
        name = "create",
        description = "Binds a queue, or with --to-exchange an exchange, to an exchange.",
        footerHeading = "%nExamples:%n",
        footer = {"  mainstay binding create events orders --key order.#"})
final class CreateBindingCommand extends MessagingAdminCommand {

    @Parameters(index = "0", paramLabel = "EXCHANGE", description = "Where messages come from.")
    private String source = "";

    @Parameters(
            index = "1",
            paramLabel = "DESTINATION",
            description = "The queue or exchange that they go to.")
    private String destination = "";

    @Option(names = "--key", paramLabel = "KEY", description = "Routing key (default: empty).")
    private String key = "";

    @Option(names = "--to-exchange", description = "The destination is an exchange.")
    private boolean toExchange;

    @Option(
            names = "--argument",
            paramLabel = "KEY=VALUE",
            description = "One argument; may be repeated.")
    private Map<String, String> arguments = new LinkedHashMap<>();

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("source", source);
        body.put("destination", destination);
        body.put("toExchange", toExchange);
        body.put("routingKey", key);
        body.put("arguments", typed(arguments));
        done(
                client.post(path("bindings"), body),
                "%s gets what %s routes with the key '%s'".formatted(destination, source, key));
        return ExitCode.OK;
    }
}
