package io.mainstay.cli.messaging;

import io.mainstay.cli.AdminClient;
import io.mainstay.cli.CliException;
import io.mainstay.cli.ExitCode;
import io.mainstay.cli.Json;
import io.mainstay.cli.Table;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// The bindings by which a further queue gets copies of what others get.
///
/// @param all path of all of a kind
/// @param one path of one of a kind by its name
record TailBindings(AdminClient client, UnaryOperator<String> all, BinaryOperator<String> one) {

    /// A binding more would take messages away from the others there, as each goes to one of them.
    private static final String HASH = "x-consistent-hash";

    /// What an exchange routes, or what it routes by `keys`.
    List<Map<String, Object>> ofExchange(String exchange, List<String> keys) {
        String type = type(exchange);
        List<Map<String, Object>> bindings = new ArrayList<>();
        for (String key : keys.isEmpty() ? everything(exchange, type) : keys) {
            bindings.add(binding(exchange, key, Map.of()));
        }
        if (bindings.isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "nothing is bound to the direct exchange "
                            + Table.text(exchange)
                            + ": name the routing keys with --key");
        }
        return bindings;
    }

    private Iterable<String> everything(String exchange, String type) {
        return switch (type) {
            case "topic" -> List.of("#");
            case "direct" -> {
                TreeSet<String> keys = new TreeSet<>();
                for (Object binding : bindings("source", exchange)) {
                    keys.add(String.valueOf(Json.member(binding, "routingKey")));
                }
                yield keys;
            }
            // A fanout looks at nothing, and headers without arguments are there in every message.
            default -> List.of("");
        };
    }

    /// What is routed to a queue by its bindings.
    List<Map<String, Object>> ofQueue(String queue) {
        client.get(one.apply("queues", queue));
        List<Map<String, Object>> copies = new ArrayList<>();
        for (Object binding : bindings("destination", queue)) {
            String source = String.valueOf(Json.member(binding, "source"));
            type(source);
            copies.add(
                    binding(
                            source,
                            String.valueOf(Json.member(binding, "routingKey")),
                            Json.member(binding, "arguments")));
        }
        if (copies.isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "only the default exchange leads to the queue "
                            + Table.text(queue)
                            + ", and no other queue can get what it brings: see 'mainstay peek'");
        }
        return copies;
    }

    private List<?> bindings(String end, String name) {
        String path = all.apply("bindings") + "&" + end + "=" + AdminClient.segment(name);
        return Json.list(client.get(path), "items");
    }

    /// How an exchange routes; a delayed one as what it stands for.
    private String type(String exchange) {
        Object answer = client.get(one.apply("exchanges", exchange));
        String declared = String.valueOf(Json.member(answer, "type"));
        String type =
                declared.equals("x-delayed-message")
                        ? String.valueOf(
                                Json.member(Json.member(answer, "arguments"), "x-delayed-type"))
                        : declared;
        if (type.equals(HASH)) {
            throw new CliException(
                    ExitCode.CONFLICT,
                    "the exchange "
                            + Table.text(exchange)
                            + " gives each message to one of its queues: a further queue would take some away");
        }
        return type;
    }

    private static Map<String, Object> binding(
            String source, String key, @Nullable Object arguments) {
        Map<String, Object> binding = new LinkedHashMap<>();
        binding.put("source", source);
        binding.put("routingKey", key);
        binding.put("arguments", arguments == null ? Map.of() : arguments);
        return binding;
    }
}
