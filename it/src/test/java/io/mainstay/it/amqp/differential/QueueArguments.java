package io.mainstay.it.amqp.differential;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Makes arguments of queues, valid ones and others.
///
/// @param quorum whether some are quorum queues
/// @param expiring whether some let their messages expire
/// @param refusing whether full queues refuse what is published
/// @param policies whether there are policies
record QueueArguments(
        Random random,
        String prefix,
        boolean quorum,
        boolean expiring,
        boolean refusing,
        boolean policies) {

    static final int QUEUES = 4;
    static final int EXCHANGES = 3;

    Map<String, Object> make() {
        Map<String, Object> arguments = new TreeMap<>();
        if (quorum && oneIn(2)) {
            arguments.put("x-queue-type", "quorum");
        }
        if (oneIn(12)) {
            wrong(arguments);
            return arguments;
        }
        if (oneIn(2)) {
            deadLetters(arguments);
        }
        if (expiring && oneIn(3)) {
            arguments.put("x-message-ttl", pick(List.of(0, 10, 60_000)));
        }
        if (oneIn(4)) {
            arguments.put("x-max-length", 1 + random.nextInt(3));
        }
        if (oneIn(10)) {
            arguments.put("x-max-length-bytes", 4 + random.nextInt(20));
        }
        if (oneIn(4)) {
            arguments.put(
                    "x-overflow",
                    refusing ? pick(List.of("reject-publish", "reject-publish-dlx")) : "drop-head");
        }
        if (oneIn(6) && mayHavePriorities(arguments)) {
            arguments.put("x-max-priority", 1 + random.nextInt(5));
        }
        if (oneIn(8)) {
            arguments.put("x-single-active-consumer", true);
        }
        if (oneIn(10)) {
            arguments.put("x-queue-mode", pick(List.of("lazy", "default")));
        }
        if (oneIn(12)) {
            arguments.put("x-expires", 60_000L);
        }
        if (oneIn(6) && arguments.containsKey("x-queue-type")) {
            arguments.put("x-delivery-limit", 1 + random.nextInt(2));
        }
        if (oneIn(12)) {
            arguments.put("x-anything", "else");
        }
        return arguments;
    }

    /// RabbitMQ does not see that a message expires that has come before others, and drops the most urgent ones of a full queue first.
    private boolean mayHavePriorities(Map<String, Object> arguments) {
        return !expiring
                && !policies
                && !arguments.containsKey("x-max-length")
                && !arguments.containsKey("x-max-length-bytes");
    }

    private void deadLetters(Map<String, Object> arguments) {
        arguments.put(
                "x-dead-letter-exchange", oneIn(2) ? "" : prefix + "e" + random.nextInt(EXCHANGES));
        if (oneIn(2)) {
            arguments.put("x-dead-letter-routing-key", prefix + "q" + random.nextInt(QUEUES));
        }
    }

    private void wrong(Map<String, Object> arguments) {
        switch (random.nextInt(16)) {
            case 0 -> arguments.put("x-message-ttl", -1);
            case 1 -> arguments.put("x-message-ttl", "soon");
            case 2 -> arguments.put("x-expires", 0);
            case 3 -> arguments.put("x-max-length", -1);
            case 4 -> arguments.put("x-max-length", "many");
            case 5 -> arguments.put("x-overflow", "bogus");
            case 6 -> arguments.put("x-max-priority", -1);
            case 7 -> arguments.put("x-max-priority", 300);
            case 8 -> arguments.put("x-dead-letter-exchange", 5);
            case 9 -> arguments.put("x-dead-letter-routing-key", "k");
            case 10 -> arguments.put("x-queue-type", "bogus");
            case 11 -> arguments.put("x-single-active-consumer", "yes");
            case 12 -> arguments.put("x-delivery-limit", 3);
            case 13 -> arguments.put("x-max-length-bytes", -1L);
            case 14 -> arguments.put("x-queue-mode", 7);
            default -> arguments.put("x-message-ttl", 1.5);
        }
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
