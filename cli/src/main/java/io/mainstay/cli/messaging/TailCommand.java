package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// `mainstay tail`: a queue of its own beside those that are there gets copies, so that nothing is taken from anybody.
@Command(
        name = "tail",
        description =
                "Prints messages as an exchange routes them, until Ctrl-C. Nobody loses one: a temporary queue gets copies, of which it keeps the"
                        + " newest 10,000. It goes with this command, or a minute after it was killed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  mainstay tail events",
            "  mainstay tail events --key order.# --count 10 -o json",
            "  mainstay tail --queue orders           what is routed to this queue"
        })
final class TailCommand extends MessagingAdminCommand {

    private static final int AT_ONCE = 100;
    private static final long PAUSE_MS = 200;
    private static final long EXPIRES_MS = 60_000;
    private static final long MAX_LENGTH = 10_000;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "EXCHANGE",
            description = "The exchange to listen to.")
    private String exchange = "";

    @Option(
            names = "--queue",
            paramLabel = "QUEUE",
            description =
                    "Instead of an exchange: whatever the bindings of this queue bring. What is published to the queue itself, by the default exchange, is"
                            + " not seen.")
    private String like = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "Routing key to listen to; may be repeated (default: everything, at a direct exchange the keys of its bindings).")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "Ends after so many messages (default: never).")
    private long count = Long.MAX_VALUE;

    @Override
    protected int run(AdminClient client) {
        if (exchange.isEmpty() == like.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "give an exchange or --queue, one of them");
        }
        if (!like.isEmpty() && !keys.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "--key goes with an exchange, not with --queue");
        }
        TailBindings bindings = new TailBindings(client, this::path, this::path);
        List<Map<String, Object>> copied =
                like.isEmpty() ? bindings.ofExchange(exchange, keys) : bindings.ofQueue(like);
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        String name = "mainstay.tail." + HexFormat.of().formatHex(random);
        Thread atEnd = new Thread(() -> delete(client, name), "tail-end");
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            client.put(path("queues", name), queue());
            for (Map<String, Object> binding : copied) {
                binding.put("destination", name);
                client.post(path("bindings"), binding);
            }
            follow(client, name);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(atEnd);
                delete(client, name);
            } catch (IllegalStateException ending) {
                // The program ends by Ctrl-C: the hook does it.
            }
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> queue() {
        return Map.of(
                "durable",
                false,
                "arguments",
                Map.of("x-expires", EXPIRES_MS, "x-max-length", MAX_LENGTH));
    }

    private void follow(AdminClient client, String name) {
        long left = count;
        while (left > 0) {
            String messages =
                    path("queues", name, "messages") + "&count=" + Math.min(AT_ONCE, left);
            List<?> items = Json.list(client.delete(messages), "items");
            for (Object message : items) {
                done(message, line(message));
            }
            left -= items.size();
            if (left > 0 && items.size() < AT_ONCE) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    /// `events order.new {"order": 7}`
    private static String line(Object message) {
        return Table.text(Json.member(message, "exchange"))
                + " "
                + Table.text(Json.member(message, "routingKey"))
                + " "
                + Table.text(Json.member(message, "payload"));
    }

    /// What cannot be deleted now expires.
    private void delete(AdminClient client, String name) {
        try {
            client.delete(path("queues", name));
        } catch (CliException gone) {
            // The node is gone, or the queue is.
        }
    }
}
