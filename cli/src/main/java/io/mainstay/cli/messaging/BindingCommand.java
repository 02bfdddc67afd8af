package io.mainstay.cli.messaging;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// What names a binding on the command line.
abstract class BindingCommand extends MessagingAdminCommand {

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

    /// The binding as the admin API takes it.
    Map<String, Object> binding() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("source", source);
        body.put("destination", destination);
        body.put("toExchange", toExchange);
        body.put("routingKey", key);
        body.put("arguments", typed(arguments));
        return body;
    }

    /// Its ends, for people.
    String ends() {
        return destination + " and " + source;
    }
}
