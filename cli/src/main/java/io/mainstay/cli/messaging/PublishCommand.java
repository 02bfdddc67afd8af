package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

/// `mainstay publish`
@Command(
        name = "publish",
        description =
                "Publishes a message and says to how many queues it went. It is durable in all of them then.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay publish orders hello",
            "  mainstay publish order.new --exchange events --header n=1 hello"
        })
final class PublishCommand extends MessagingAdminCommand {

    @Parameters(
            index = "0",
            paramLabel = "KEY",
            description = "Routing key; at the default exchange the name of a queue.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "PAYLOAD", description = "The body, as text.")
    private String payload = "";

    @Option(
            names = "--exchange",
            paramLabel = "NAME",
            description = "The exchange (default: the default exchange).")
    private String exchange = "";

    @Option(
            names = "--header",
            paramLabel = "KEY=VALUE",
            description = "One header; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--content-type", paramLabel = "TYPE", description = "As text/plain.")
    private @Nullable String contentType;

    @Option(names = "--priority", paramLabel = "N", description = "0 to 255 (default: 0).")
    private int priority;

    @Option(
            names = "--ttl",
            paramLabel = "MS",
            description = "Goes after so many milliseconds (default: never).")
    private @Nullable Integer ttlMs;

    @Option(names = "--transient", description = "It may be lost with the node.")
    private boolean transientMessage;

    @Override
    protected int run(AdminClient client) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("exchange", exchange);
        body.put("routingKey", key);
        body.put("payload", payload);
        body.put("persistent", !transientMessage);
        body.put("priority", priority);
        if (!headers.isEmpty()) {
            body.put("headers", typed(headers));
        }
        if (contentType != null) {
            body.put("contentType", contentType);
        }
        if (ttlMs != null) {
            body.put("ttlMs", ttlMs);
        }
        Object answer = client.post(path("publish"), body);
        String queues = String.valueOf(Json.member(answer, "queues"));
        if (queues.equals("0")) {
            done(answer, "no queue took it: nothing leads there with the key '" + key + "'");
            return ExitCode.NOT_FOUND;
        }
        done(answer, "published to " + queues + (queues.equals("1") ? " queue" : " queues"));
        return ExitCode.OK;
    }
}
