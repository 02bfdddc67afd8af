package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.AMQP.BasicProperties;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Makes a script from a seed that keeps to AMQP 0-9-1 as it stands in its specification, and to what Qpid Broker-J does as RabbitMQ: no confirms, no
/// `basic.nack`, no arguments of brokers, and none of what `docs/protocols/amqp-deviations.md` says of Qpid.
final class ProperScript {

    private static final int QUEUES = 3;

    /// The number of the channel with transactions.
    private static final int TRANSACTION = 2;

    private static final int EXCHANGES = 2;
    private static final Pattern LEFT = Pattern.compile(", [0-9]+ left$");
    private static final List<String> KEYS = List.of("a", "b", "a.b", "a.b.c");
    private static final List<String> PATTERNS = List.of("a", "b", "a.*", "a.#", "#", "*.b");
    private static final List<String> TYPES = List.of("direct", "fanout", "topic", "headers");

    private final Random random;
    private final String prefix;
    private final List<String> types;

    /// Whether queues may have several consumers. Who gets a message that comes back is not said, so then nothing is given back.
    private final boolean shared;

    /// The channel that consumes the first queue, if none is shared; the next one consumes the next queue.
    private final int first;

    private int bodies;

    private ProperScript(long seed) {
        random = new Random(seed);
        prefix = "proper-" + seed + "-";
        types = List.of(pick(TYPES), pick(TYPES));
        shared = oneIn(3);
        first = random.nextInt(ScriptClient.CHANNELS);
    }

    static Script of(long seed, int steps) {
        ProperScript maker = new ProperScript(seed);
        List<Step> made = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            made.add(maker.declareQueue(i));
        }
        for (int i = 0; i < EXCHANGES; i++) {
            made.add(maker.declareExchange(i));
        }
        while (made.size() < steps) {
            made.add(maker.step());
        }
        return new Script(
                seed,
                maker.prefix,
                IntStream.range(0, QUEUES).mapToObj(i -> maker.prefix + "q" + i).toList(),
                IntStream.range(0, EXCHANGES).mapToObj(i -> maker.prefix + "e" + i).toList(),
                List.of(),
                List.of(
                        ScriptChannel.Mode.PLAIN,
                        ScriptChannel.Mode.PLAIN,
                        ScriptChannel.Mode.TRANSACTION,
                        ScriptChannel.Mode.PLAIN),
                false,
                Script.Counted.NOTHING,
                0,
                Script.shown(maker.prefix, made));
    }

    private Step step() {
        return switch (random.nextInt(35)) {
            case 0 -> declareQueue(random.nextInt(QUEUES));
            case 1 -> declareExchange(random.nextInt(EXCHANGES));
            case 2, 3, 4 -> bind();
            case 5 -> bindAndUnbind();
            case 6, 7, 8, 9, 10, 11, 12, 13 -> publish();
            case 14, 15, 16, 17 -> get();
            case 18, 19 -> consume();
            case 20 -> cancel();
            case 21, 22, 23, 24, 25 -> settle();
            case 26 -> shared ? get() : simple(channel(), "recover", ScriptChannel::recover);
            case 27, 28 -> simple(TRANSACTION, "commit", ScriptChannel::commit);
            case 29 -> rollback();
            case 30 -> purge();
            case 31 -> passive();
            case 32 -> delete();
            default -> refused();
        };
    }

    private interface OnChannel {
        String run(ScriptChannel channel) throws Exception;
    }

    private static Step simple(int channel, String text, OnChannel what) {
        return new Step(channel + ": " + text, client -> what.run(client.channel(channel)));
    }

    /// One that may close a channel or its connection, when nothing is acknowledged in a transaction.
    private static Step closing(int channel, String text, OnChannel what) {
        return new Step(
                channel + ": " + text,
                client -> {
                    client.channel(TRANSACTION).commitSettled();
                    return what.run(client.channel(channel));
                });
    }

    private Step declareQueue(int number) {
        String queue = prefix + "q" + number;
        return new Step(
                "declare " + queue,
                client ->
                        client.raw(number)
                                .queueDeclare(queue, true, false, false, null)
                                .getQueue());
    }

    private Step declareExchange(int number) {
        String exchange = prefix + "e" + number;
        String type = types.get(number);
        return new Step(
                "declare exchange %s %s".formatted(exchange, type),
                client -> {
                    client.raw(0).exchangeDeclare(exchange, type, true);
                    return "ok";
                });
    }

    private static List<String> colours() {
        return List.of("red", "blue");
    }

    /// For both kinds of exchanges: one looks at the key, the other at the arguments, and the same binding has the same of both.
    private Map<String, Object> arguments(int exchange) {
        return types.get(exchange).equals("headers")
                ? Map.of("x-match", "any", "colour", pick(colours()))
                : Map.of();
    }

    private Step bind() {
        String queue = queue();
        int number = random.nextInt(EXCHANGES);
        String exchange = prefix + "e" + number;
        Map<String, Object> arguments = arguments(number);
        String key = arguments.isEmpty() ? pick(PATTERNS) : MessageText.value(arguments);
        return new Step(
                "bind %s to %s with '%s'".formatted(queue, exchange, key),
                client -> {
                    client.raw(1).queueBind(queue, exchange, key, arguments);
                    return "ok";
                });
    }

    private Step bindAndUnbind() {
        String queue = queue();
        int number = random.nextInt(EXCHANGES);
        String exchange = prefix + "e" + number;
        Map<String, Object> arguments = arguments(number);
        String key = arguments.isEmpty() ? pick(PATTERNS) : MessageText.value(arguments);
        return new Step(
                "bind %s to %s with '%s' and unbind it".formatted(queue, exchange, key),
                client -> {
                    client.raw(1).queueBind(queue, exchange, key, arguments);
                    client.raw(1).queueUnbind(queue, exchange, key, arguments);
                    return "ok";
                });
    }

    private Step publish() {
        boolean direct = oneIn(2);
        String exchange = direct ? "" : exchange();
        String key = direct ? queue() : pick(KEYS);
        String body = "m" + bodies++;
        int channel = channel();
        boolean mandatory = channel != TRANSACTION && oneIn(3);
        BasicProperties.Builder made = new BasicProperties.Builder();
        if (oneIn(3)) {
            made.headers(Map.of("colour", pick(colours())));
        }
        if (oneIn(3)) {
            made.deliveryMode(2).contentType("text/plain").correlationId("c").replyTo("r");
        }
        BasicProperties properties = made.build();
        return new Step(
                "%s: publish %s to '%s' with '%s'%s"
                        .formatted(channel, body, exchange, key, mandatory ? " mandatory" : ""),
                client -> {
                    client.channel(channel).publish(exchange, key, mandatory, properties, body);
                    // Answered when what was published on its channel is where others can get it.
                    return client.raw(channel).queueDeclarePassive(prefix + "q0").getQueue();
                });
    }

    private Step get() {
        String queue = queue();
        boolean autoAck = oneIn(3);
        return simple(
                channel(),
                "get from %s%s".formatted(queue, autoAck ? " acknowledged" : ""),
                channel -> LEFT.matcher(channel.get(queue, autoAck)).replaceFirst(""));
    }

    private Step consume() {
        int number = random.nextInt(QUEUES);
        String queue = prefix + "q" + number;
        boolean autoAck = oneIn(3);
        int channel = shared ? channel() : (first + number) % ScriptClient.CHANNELS;
        int prefetch = channel == TRANSACTION ? 0 : random.nextInt(4);
        return closing(
                channel,
                "consume %s%s with a prefetch of %d"
                        .formatted(queue, autoAck ? " acknowledged" : "", prefetch),
                on -> {
                    // Before there is a consumer; a second one is refused.
                    on.raw().basicQos(prefetch);
                    return on.consume(queue, on.consumer(), autoAck, false, Map.of());
                });
    }

    private Step cancel() {
        return simple(
                channel(),
                "cancel",
                channel -> {
                    channel.raw().basicCancel(channel.consumer());
                    return "ok";
                });
    }

    private Step settle() {
        int channel = channel();
        int place = random.nextInt(4);
        boolean multiple = oneIn(4);
        if (shared || oneIn(2)) {
            return new Step(
                    "from %s: ack %s%s".formatted(channel, place, multiple ? " multiple" : ""),
                    client ->
                            client.holder(channel)
                                    .settle(
                                            place,
                                            multiple,
                                            (raw, tag) -> raw.basicAck(tag, multiple)));
        }
        return new Step(
                "from %s: reject %s requeue, outside the transaction".formatted(channel, place),
                client -> {
                    ScriptChannel holder = client.holder(channel);
                    return holder.number() == TRANSACTION
                            ? "in the transaction"
                            : holder.settle(place, false, (raw, tag) -> raw.basicReject(tag, true));
                });
    }

    private Step purge() {
        String queue = queue();
        return new Step(
                "purge %s if nothing is out".formatted(queue),
                client -> {
                    for (int i = 0; i < ScriptClient.CHANNELS; i++) {
                        if (!client.channel(i).isAtRest()) {
                            return "something is out";
                        }
                    }
                    client.raw(1).queuePurge(queue);
                    return "ok";
                });
    }

    private Step passive() {
        String queue = queue();
        return new Step(
                "is there " + queue, client -> client.raw(1).queueDeclarePassive(queue).getQueue());
    }

    private Step delete() {
        String queue = queue();
        return new Step(
                "delete %s if unused and declare it".formatted(queue),
                client -> {
                    client.raw(1).queueDelete(queue, true, false);
                    client.raw(1).queueDeclare(queue, true, false, false, null);
                    return "ok";
                });
    }

    private Step rollback() {
        String queue = queue();
        String body = "m" + bodies++;
        return simple(
                TRANSACTION,
                "cancel, ack all, commit, publish %s to %s, roll back".formatted(body, queue),
                channel -> {
                    channel.stop();
                    channel.commit();
                    channel.publish("", queue, false, ScriptClient.NO_PROPERTIES, body);
                    return channel.rollback();
                });
    }

    private Step refused() {
        String none = prefix + "none";
        return switch (random.nextInt(5)) {
            case 0 ->
                    closing(
                            channel(),
                            "consume from nowhere",
                            channel -> channel.consume(none, "none", true, false, Map.of()));
            case 1 ->
                    closing(
                            channel(),
                            "publish to no exchange",
                            channel ->
                                    channel.publish(
                                            none, "k", false, ScriptClient.NO_PROPERTIES, "m"));
            case 2 ->
                    closing(
                            channel(),
                            "declare an exchange of no type",
                            channel -> {
                                channel.raw().exchangeDeclare(none, "bogus");
                                return "ok";
                            });
            case 3 ->
                    closing(
                            channel(),
                            "purge nothing",
                            channel -> {
                                channel.raw().queuePurge(none);
                                return "ok";
                            });
            default ->
                    closing(
                            channel(),
                            "is there no exchange",
                            channel -> {
                                channel.raw().exchangeDeclarePassive(none);
                                return "ok";
                            });
        };
    }

    private String queue() {
        return prefix + "q" + random.nextInt(QUEUES);
    }

    private String exchange() {
        return prefix + "e" + random.nextInt(EXCHANGES);
    }

    private int channel() {
        return random.nextInt(ScriptClient.CHANNELS);
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
