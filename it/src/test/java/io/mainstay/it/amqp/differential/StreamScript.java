package io.mainstay.it.amqp.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Makes a script about streams from a seed. One message is published at a time: how RabbitMQ puts several into a chunk is seen by readers who begin in it.
final class StreamScript {

    private static final int STREAMS = 2;
    private static final long PATIENCE_MS = 40;

    private final Random random;
    private final String prefix;
    private int bodies;

    private StreamScript(long seed) {
        random = new Random(seed);
        prefix = "stream-" + seed + "-";
    }

    static Script of(long seed, int steps) {
        StreamScript maker = new StreamScript(seed);
        List<Step> made = new ArrayList<>();
        made.add(maker.declare(Map.of("x-queue-type", "stream"), 0, true, false, false));
        while (made.size() < steps) {
            made.add(maker.step());
        }
        return new Script(
                seed,
                maker.prefix,
                List.of(maker.prefix + "s0", maker.prefix + "s1"),
                List.of(),
                List.of(),
                List.of(
                        ScriptChannel.Mode.CONFIRM,
                        ScriptChannel.Mode.PLAIN,
                        ScriptChannel.Mode.TRANSACTION,
                        ScriptChannel.Mode.PLAIN),
                true,
                Script.Counted.NOTHING,
                PATIENCE_MS,
                Script.shown(maker.prefix, made));
    }

    private Step step() {
        return switch (random.nextInt(24)) {
            case 0 -> declare(arguments(), random.nextInt(STREAMS), true, false, false);
            case 1 ->
                    declare(
                            Map.of("x-queue-type", "stream"),
                            random.nextInt(STREAMS),
                            oneIn(2),
                            oneIn(2),
                            oneIn(2));
            case 2, 3, 4, 5, 6, 7 -> publish();
            case 8, 9, 10, 11 -> consume();
            case 12, 13 -> qos();
            case 14, 15, 16, 17 -> ack();
            case 18 -> cancel();
            case 19 -> oneIn(2) ? commit() : delete();
            case 20 -> passive();
            default -> refused();
        };
    }

    private Step declare(
            Map<String, Object> arguments,
            int number,
            boolean durable,
            boolean exclusive,
            boolean autoDelete) {
        String stream = prefix + "s" + number;
        return new Step(
                "declare %s%s%s%s %s"
                        .formatted(
                                stream,
                                durable ? " durable" : "",
                                exclusive ? " exclusive" : "",
                                autoDelete ? " auto-delete" : "",
                                MessageText.value(new TreeMap<>(arguments))),
                client ->
                        client.raw(number)
                                .queueDeclare(stream, durable, exclusive, autoDelete, arguments)
                                .getQueue());
    }

    private Map<String, Object> arguments() {
        Map<String, Object> arguments = new TreeMap<>(Map.of("x-queue-type", "stream"));
        switch (random.nextInt(14)) {
            case 0 -> arguments.put("x-max-length-bytes", 1_000_000);
            case 1 -> arguments.put("x-max-length-bytes", -1);
            case 2 -> arguments.put("x-max-age", "1h");
            case 3 -> arguments.put("x-max-age", "1 hour");
            case 4 -> arguments.put("x-max-age", 5);
            case 5 -> arguments.put("x-stream-max-segment-size-bytes", 1_000_000);
            case 6 -> arguments.put("x-stream-max-segment-size-bytes", 4_000_000_000L);
            case 7 -> arguments.put("x-initial-cluster-size", 1);
            case 8 -> arguments.put("x-initial-cluster-size", 0);
            case 9 -> arguments.put("x-message-ttl", 5);
            case 10 -> arguments.put("x-dead-letter-exchange", "amq.direct");
            case 11 -> arguments.put("x-max-length", 5);
            case 12 -> arguments.put("x-queue-leader-locator", "nowhere");
            default -> arguments.put("x-single-active-consumer", true);
        }
        return arguments;
    }

    private Step publish() {
        String stream = stream();
        String body = "m" + bodies++;
        return new Step(
                "publish %s to %s".formatted(body, stream),
                client ->
                        client.channel(0)
                                .publish("", stream, true, ScriptClient.NO_PROPERTIES, body));
    }

    private Step consume() {
        int channel = channel();
        String stream = stream();
        boolean autoAck = oneIn(10);
        boolean exclusive = oneIn(8);
        Map<String, Object> arguments = new TreeMap<>();
        switch (random.nextInt(6)) {
            case 0, 1 -> arguments.put("x-stream-offset", "first");
            case 2 -> arguments.put("x-stream-offset", "next");
            case 3, 4 -> arguments.put("x-stream-offset", random.nextInt(6));
            default -> {}
        }
        if (oneIn(12)) {
            arguments.put("x-priority", 1);
        }
        return new Step(
                "%s: consume %s%s%s %s"
                        .formatted(
                                channel,
                                stream,
                                autoAck ? " acknowledged" : "",
                                exclusive ? " exclusive" : "",
                                MessageText.value(arguments)),
                client -> {
                    if (setsPrefetch(channel)) {
                        client.raw(channel).basicQos(4);
                    }
                    return client.channel(channel)
                            .consume(stream, "consumer-" + channel, autoAck, exclusive, arguments);
                });
    }

    /// Without one a reader is refused.
    private static boolean setsPrefetch(int channel) {
        return channel != ScriptClient.CHANNELS - 1;
    }

    private Step qos() {
        int channel = channel();
        int count = random.nextInt(4);
        return new Step(
                "%s: qos %s".formatted(channel, count),
                client -> {
                    client.raw(channel).basicQos(count);
                    return "ok";
                });
    }

    private Step ack() {
        int channel = channel();
        int place = random.nextInt(4);
        boolean multiple = oneIn(2);
        return new Step(
                "from %s: ack %s%s".formatted(channel, place, multiple ? " multiple" : ""),
                client ->
                        client.holder(channel)
                                .settle(
                                        place,
                                        multiple,
                                        (raw, tag) -> raw.basicAck(tag, multiple)));
    }

    private Step commit() {
        return oneIn(3)
                ? new Step("2: rollback", client -> client.channel(2).rollback())
                : new Step("2: commit", client -> client.channel(2).commit());
    }

    private Step cancel() {
        int channel = channel();
        return new Step(
                channel + ": cancel",
                client -> {
                    client.raw(channel).basicCancel("consumer-" + channel);
                    return "ok";
                });
    }

    private Step delete() {
        String stream = stream();
        return new Step(
                "delete " + stream,
                client -> {
                    client.raw(0).queueDelete(stream);
                    return "ok";
                });
    }

    private Step passive() {
        String stream = stream();
        return new Step(
                "is there " + stream,
                client -> client.raw(1).queueDeclarePassive(stream).getQueue());
    }

    private Step refused() {
        int channel = channel();
        String stream = stream();
        return switch (random.nextInt(4)) {
            case 0 ->
                    new Step(
                            "%s: get from %s".formatted(channel, stream),
                            client -> client.channel(channel).get(stream, true));
            case 1 ->
                    new Step(
                            "purge " + stream,
                            client -> "" + client.raw(1).queuePurge(stream).getMessageCount());
            case 2 ->
                    new Step(
                            "from %s: nack".formatted(channel),
                            client ->
                                    client.holder(channel)
                                            .settle(
                                                    0,
                                                    false,
                                                    (raw, tag) -> raw.basicNack(tag, false, true)));
            default ->
                    new Step(
                            "%s: publish to a stream that is not there".formatted(channel),
                            client -> {
                                client.raw(channel)
                                        .basicPublish(
                                                "",
                                                prefix + "none",
                                                true,
                                                ScriptClient.NO_PROPERTIES,
                                                "x".getBytes(StandardCharsets.UTF_8));
                                return "ok";
                            });
        };
    }

    private String stream() {
        return prefix + "s" + random.nextInt(oneIn(3) ? STREAMS : 1);
    }

    private int channel() {
        return random.nextInt(ScriptClient.CHANNELS);
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }
}
