package io.mainstay.it.amqp.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Makes steps that put and delete policies. A time to live is not among what they set: RabbitMQ's queues count it from when the policy came for what
/// comes later, ours for what is there, too.
///
/// @param queues which say whether the script has such steps
record PolicySteps(Random random, String prefix, QueueArguments queues) {

    private static final int POLICIES = 2;

    /// Of all policies that there may be.
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; queues.policies() && i < POLICIES; i++) {
            names.add(name(i));
        }
        return names;
    }

    private String name(int number) {
        return prefix + "p" + number;
    }

    Step step() {
        String name = name(random.nextInt(POLICIES));
        String path = "policies/%2F/" + name;
        if (random.nextInt(4) == 0) {
            return new Step(
                    "delete policy " + name,
                    client -> "answered " + client.broker().call("DELETE", path, ""));
        }
        boolean ofExchanges = random.nextInt(4) == 0;
        String json =
                """
                {"pattern":"^%s%s%d$","apply-to":"%s","priority":%d,"definition":{%s}}"""
                        .formatted(
                                prefix,
                                ofExchanges ? "e" : "q",
                                random.nextInt(3),
                                ofExchanges ? "exchanges" : "queues",
                                random.nextInt(3),
                                ofExchanges ? alternate() : ofQueues());
        return new Step(
                "put policy %s %s".formatted(name, json),
                client -> "answered " + client.broker().call("PUT", path, json));
    }

    private String alternate() {
        return "\"alternate-exchange\":\"%se%d\""
                .formatted(prefix, random.nextInt(QueueArguments.EXCHANGES));
    }

    private String ofQueues() {
        TreeMap<String, String> keys = new TreeMap<>();
        do {
            switch (random.nextInt(5)) {
                case 0 -> keys.put("max-length", Integer.toString(random.nextInt(3)));
                case 1 -> keys.put("max-length-bytes", Integer.toString(4 + random.nextInt(20)));
                case 2 ->
                        keys.put(
                                "overflow",
                                queues.refusing() ? "\"reject-publish\"" : "\"drop-head\"");
                case 3 -> keys.put("dead-letter-exchange", "\"\"");
                default -> {
                    keys.put(
                            "dead-letter-exchange",
                            "\"%se%d\"".formatted(prefix, random.nextInt(2)));
                    keys.put(
                            "dead-letter-routing-key",
                            "\"%sq%d\"".formatted(prefix, random.nextInt(4)));
                }
            }
        } while (random.nextInt(2) == 0);
        return keys.entrySet().stream()
                .map(key -> "\"%s\":%s".formatted(key.getKey(), key.getValue()))
                .collect(Collectors.joining(","));
    }
}
