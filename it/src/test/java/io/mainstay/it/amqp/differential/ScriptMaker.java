package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.AMQP.BasicProperties;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Makes a script from a seed: few names, so that steps meet each other's traces, and one in ten is wrong on purpose.
final class ScriptMaker {

    private static final List<String> KEYS = List.of("a", "b", "a.b", "a.b.c", "");
    private static final List<String> PATTERNS = List.of("a", "b", "a.*", "a.#", "#", "*.b", "");
    private static final List<String> TYPES = List.of("direct", "fanout", "topic", "headers");

    private final Random random;
    private final String prefix;
    private final QueueArguments queueArguments;
    private final List<ScriptChannel.Mode> modes;
    private final boolean globalPrefetch;
    private final PolicySteps policies;
    private final List<Step> declarations = new ArrayList<>();
    private int bodies;

    private ScriptMaker(long seed) {
        random = new Random(seed);
        prefix = "script-" + seed + "-";
        modes =
                List.of(
                        ScriptChannel.Mode.CONFIRM,
                        ScriptChannel.Mode.PLAIN,
                        oneIn(2) ? ScriptChannel.Mode.TRANSACTION : ScriptChannel.Mode.PLAIN,
                        ScriptChannel.Mode.PLAIN);
        // Quorum queues and messages that expire have scripts of their own: the ones are slow to
        // make, the others to wait for.
        queueArguments = new QueueArguments(random, prefix, oneIn(5), oneIn(4), oneIn(4), oneIn(4));
        globalPrefetch = oneIn(2);
        policies = new PolicySteps(random, prefix, queueArguments);
    }

    static Script of(long seed, int steps) {
        ScriptMaker maker = new ScriptMaker(seed);
        List<Step> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.add(maker.declareQueue(i));
        }
        made.add(maker.declareExchange(0));
        while (made.size() < steps) {
            made.add(maker.step());
        }
        return new Script(
                seed,
                maker.prefix,
                IntStream.range(0, QueueArguments.QUEUES)
                        .mapToObj(i -> maker.prefix + "q" + i)
                        .toList(),
                maker.exchanges(),
                maker.policies.names(),
                maker.modes,
                true,
                maker.queueArguments.quorum() ? Script.Counted.MESSAGES : Script.Counted.ALL,
                maker.queueArguments.expiring() ? 120 : 0,
                Script.shown(maker.prefix, made));
    }

    private List<String> exchanges() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < QueueArguments.EXCHANGES; i++) {
            names.add(prefix + "e" + i);
        }
        names.add(prefix + HashSteps.EXCHANGE);
        return names;
    }

    private Step step() {
        if (queueArguments.policies() && oneIn(12)) {
            return policies.step();
        }
        return switch (random.nextInt(43)) {
            case 0 -> declareQueue(random.nextInt(QueueArguments.QUEUES));
            case 1 ->
                    oneIn(2) ? declareAgain() : declareQueue(random.nextInt(QueueArguments.QUEUES));
            case 2 -> declareExchange(random.nextInt(QueueArguments.EXCHANGES));
            case 3, 4, 5 -> bind();
            case 6 -> oneIn(2) ? unbind() : bindExchanges();
            case 7, 8, 9, 10, 11, 12, 13, 14, 15 -> publish();
            case 16, 17, 18, 19 -> get();
            case 20, 21 -> consume();
            case 22 -> cancel();
            case 23, 24, 25, 26, 27, 28, 29 -> settle();
            case 30 -> recover();
            case 31 -> qos();
            case 32, 33 -> transaction();
            case 34 -> oneIn(2) ? purge() : passive();
            case 35 -> deleteQueue();
            case 36 -> oneIn(3) ? deleteExchange() : closeChannel();
            case 37 -> new HashSteps(random, prefix).step(channel());
            case 38, 39 -> publishTogether();
            default -> wrong();
        };
    }

    private Step declareQueue(int number) {
        String queue = prefix + "q" + number;
        Map<String, Object> arguments = queueArguments.make();
        boolean durable = !oneIn(4);
        boolean exclusive = oneIn(8);
        boolean autoDelete = oneIn(8);
        Step declaration = declareQueue(number, queue, durable, exclusive, autoDelete, arguments);
        declarations.add(declaration);
        return declaration;
    }

    /// A client declares what it needs whenever it begins.
    private Step declareAgain() {
        return pick(declarations);
    }

    private static Step declareQueue(
            int number,
            String queue,
            boolean durable,
            boolean exclusive,
            boolean autoDelete,
            Map<String, Object> arguments) {
        return new Step(
                "declare %s%s%s%s %s"
                        .formatted(
                                queue,
                                durable ? " durable" : "",
                                exclusive ? " exclusive" : "",
                                autoDelete ? " auto-delete" : "",
                                MessageText.value(arguments)),
                client -> {
                    var ok =
                            client.raw(channelFor(number))
                                    .queueDeclare(queue, durable, exclusive, autoDelete, arguments);
                    return ok.getQueue() + " " + ok.getMessageCount() + " " + ok.getConsumerCount();
                });
    }

    private static int channelFor(int number) {
        return number % ScriptClient.CHANNELS;
    }

    private Step declareExchange(int number) {
        String exchange = prefix + "e" + number;
        String type = oneIn(20) ? "bogus" : pick(TYPES);
        boolean durable = oneIn(2);
        boolean autoDelete = oneIn(6);
        boolean internal = oneIn(10);
        Map<String, Object> arguments =
                oneIn(4)
                        ? Map.of("alternate-exchange", oneIn(5) ? (Object) 5 : exchange())
                        : Map.of();
        return new Step(
                "declare exchange %s %s%s%s%s %s"
                        .formatted(
                                exchange,
                                type,
                                durable ? " durable" : "",
                                autoDelete ? " auto-delete" : "",
                                internal ? " internal" : "",
                                MessageText.value(arguments)),
                client -> {
                    client.raw(0)
                            .exchangeDeclare(
                                    exchange, type, durable, autoDelete, internal, arguments);
                    return "ok";
                });
    }

    private Map<String, Object> bindingArguments() {
        if (!oneIn(3)) {
            return Map.of();
        }
        Map<String, Object> arguments = new TreeMap<>();
        arguments.put("x-match", oneIn(12) ? "some" : pick(List.of("all", "any")));
        arguments.put("colour", pick(List.of("red", "blue")));
        if (oneIn(2)) {
            arguments.put("size", random.nextInt(2));
        }
        return arguments;
    }

    private Step bind() {
        String queue = queue();
        String exchange = exchange();
        String key = pick(PATTERNS);
        Map<String, Object> arguments = bindingArguments();
        return new Step(
                "bind %s to %s with '%s' %s"
                        .formatted(queue, exchange, key, MessageText.value(arguments)),
                client -> {
                    client.raw(1).queueBind(queue, exchange, key, arguments);
                    return "ok";
                });
    }

    private Step unbind() {
        String queue = queue();
        String exchange = exchange();
        String key = pick(PATTERNS);
        return new Step(
                "unbind %s from %s with '%s'".formatted(queue, exchange, key),
                client -> {
                    client.raw(1).queueUnbind(queue, exchange, key);
                    return "ok";
                });
    }

    private Step bindExchanges() {
        String to = exchange();
        String from = exchange();
        String key = pick(PATTERNS);
        Map<String, Object> arguments = bindingArguments();
        return new Step(
                "bind exchange %s to %s with '%s' %s"
                        .formatted(to, from, key, MessageText.value(arguments)),
                client -> {
                    client.raw(1).exchangeBind(to, from, key, arguments);
                    return "ok";
                });
    }

    private Step publish() {
        boolean direct = oneIn(2);
        String exchange = direct ? "" : oneIn(5) ? "amq." + pick(TYPES) : exchange();
        String key = direct ? queue() : pick(KEYS);
        boolean mandatory = oneIn(3);
        BasicProperties properties = properties();
        String body = "m" + bodies++ + "-" + "x".repeat(random.nextInt(6));
        int channel = channel();
        return new Step(
                "%s: publish %s to '%s' with '%s'%s"
                        .formatted(
                                channel,
                                MessageText.of(
                                        exchange,
                                        key,
                                        false,
                                        properties,
                                        body.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                                exchange,
                                key,
                                mandatory ? " mandatory" : ""),
                client ->
                        client.channel(channel)
                                .publish(exchange, key, mandatory, properties, body));
    }

    private Step publishTogether() {
        String queue = queue();
        List<String> together = new ArrayList<>();
        for (int i = 2 + random.nextInt(5); i > 0; i--) {
            together.add("m" + bodies++);
        }
        int channel = channel();
        return new Step(
                "%s: publish %s to %s".formatted(channel, together, queue),
                client -> client.channel(channel).publishTogether(queue, together));
    }

    private BasicProperties properties() {
        BasicProperties.Builder made = new BasicProperties.Builder();
        if (oneIn(2)) {
            made.deliveryMode(1 + random.nextInt(2));
        }
        if (oneIn(3)) {
            Map<String, Object> headers = new TreeMap<>();
            headers.put("colour", pick(List.of("red", "blue")));
            headers.put("size", random.nextInt(2));
            if (oneIn(3)) {
                headers.put("list", List.of(1L, "two", Map.of("three", true)));
            }
            if (oneIn(6)) {
                headers.put("CC", oneIn(6) ? (Object) "text" : List.of(queue(), pick(KEYS)));
            }
            if (oneIn(6)) {
                headers.put("BCC", List.of(queue()));
            }
            made.headers(headers);
        }
        if (oneIn(4)) {
            made.priority(random.nextInt(8));
        }
        if (queueArguments.expiring() && oneIn(4)) {
            made.expiration(pick(List.of("0", "1", "5", "60000")));
        }
        if (oneIn(30)) {
            made.expiration(pick(List.of("-1", "soon", "5.5", "")));
        }
        if (oneIn(30)) {
            made.userId(pick(List.of("guest", "somebody")));
        }
        if (oneIn(4)) {
            made.contentType("text/plain")
                    .contentEncoding("utf-8")
                    .correlationId("c")
                    .replyTo("r")
                    .messageId("id")
                    .timestamp(new Date(1_700_000_000_000L))
                    .type("t")
                    .appId("app");
        }
        return made.build();
    }

    private Step get() {
        String queue = queue();
        // RabbitMQ counts what was got against the prefetch of a channel that is set later, and
        // not that it is acknowledged.
        boolean autoAck = acknowledged() || globalPrefetch;
        int channel = channel();
        return new Step(
                "%s: get from %s%s".formatted(channel, queue, autoAck ? " acknowledged" : ""),
                client -> client.channel(channel).get(queue, autoAck));
    }

    private Step consume() {
        String queue = queue();
        int channel = channel();
        // One tag for each channel: a second consumer is an error, and the order of deliveries of
        // two consumers nobody's promise.
        String tag = "consumer-" + channel;
        boolean autoAck = acknowledged();
        // RabbitMQ's quorum queues do not look at it, ours do.
        boolean exclusive = oneIn(8) && !queueArguments.quorum();
        Map<String, Object> arguments =
                oneIn(6)
                        ? Map.of("x-priority", oneIn(4) ? (Object) "high" : random.nextInt(5) - 2)
                        : Map.of();
        return new Step(
                "%s: consume %s%s%s %s"
                        .formatted(
                                channel,
                                queue,
                                autoAck ? " acknowledged" : "",
                                exclusive ? " exclusive" : "",
                                MessageText.value(arguments)),
                client ->
                        client.channel(channel).consume(queue, tag, autoAck, exclusive, arguments));
    }

    /// Our queues that refuse count what is delivered and not acknowledged, RabbitMQ's do not.
    private boolean acknowledged() {
        return queueArguments.refusing() || oneIn(3);
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

    private Step settle() {
        int channel = channel();
        int place = random.nextInt(4);
        boolean multiple = oneIn(4);
        boolean requeue = oneIn(2);
        return switch (random.nextInt(3)) {
            case 0 ->
                    new Step(
                            "from %s: ack %s%s"
                                    .formatted(channel, place, multiple ? " multiple" : ""),
                            client ->
                                    client.holder(channel)
                                            .settle(
                                                    place,
                                                    multiple,
                                                    (raw, tag) -> raw.basicAck(tag, multiple)));
            case 1 ->
                    new Step(
                            "from %s: nack %s%s%s"
                                    .formatted(
                                            channel,
                                            place,
                                            multiple ? " multiple" : "",
                                            requeue ? " requeue" : ""),
                            client ->
                                    client.holder(channel)
                                            .settle(
                                                    place,
                                                    multiple,
                                                    (raw, tag) ->
                                                            raw.basicNack(tag, multiple, requeue)));
            default ->
                    new Step(
                            "from %s: reject %s%s"
                                    .formatted(channel, place, requeue ? " requeue" : ""),
                            client ->
                                    client.holder(channel)
                                            .settle(
                                                    place,
                                                    false,
                                                    (raw, tag) -> raw.basicReject(tag, requeue)));
        };
    }

    private Step recover() {
        int channel = channel();
        return new Step(channel + ": recover", client -> client.channel(channel).recover());
    }

    private Step qos() {
        int channel = channel();
        int count = random.nextInt(4);
        boolean global = globalPrefetch && oneIn(2);
        return new Step(
                "%s: qos %s%s".formatted(channel, count, global ? " global" : ""),
                client -> {
                    client.raw(channel).basicQos(count, global);
                    return "ok";
                });
    }

    private Step transaction() {
        return oneIn(3)
                ? new Step("2: rollback", client -> client.channel(2).rollback())
                : new Step("2: commit", client -> client.channel(2).commit());
    }

    private Step purge() {
        String queue = queue();
        return new Step(
                "purge " + queue,
                client -> "purged " + client.raw(1).queuePurge(queue).getMessageCount());
    }

    private Step passive() {
        boolean exchange = oneIn(2);
        String name = exchange ? exchange() : queue();
        return new Step(
                "is there " + name,
                client -> {
                    if (exchange) {
                        client.raw(1).exchangeDeclarePassive(name);
                        return "yes";
                    }
                    return "yes, " + client.raw(1).queueDeclarePassive(name).getMessageCount();
                });
    }

    private Step deleteQueue() {
        String queue = queue();
        // RabbitMQ's quorum queues know no conditions, ours do.
        boolean ifUnused = oneIn(3) && !queueArguments.quorum();
        boolean ifEmpty = oneIn(3) && !queueArguments.quorum();
        return new Step(
                "delete %s%s%s"
                        .formatted(queue, ifUnused ? " if unused" : "", ifEmpty ? " if empty" : ""),
                client ->
                        "deleted "
                                + client.raw(1)
                                        .queueDelete(queue, ifUnused, ifEmpty)
                                        .getMessageCount());
    }

    private Step deleteExchange() {
        String exchange = exchange();
        boolean ifUnused = oneIn(2);
        return new Step(
                "delete exchange %s%s".formatted(exchange, ifUnused ? " if unused" : ""),
                client -> {
                    client.raw(1).exchangeDelete(exchange, ifUnused);
                    return "ok";
                });
    }

    private Step closeChannel() {
        int channel = channel();
        return new Step(
                channel + ": close",
                client -> {
                    client.raw(channel).close();
                    return "ok";
                });
    }

    /// What no client should do.
    private Step wrong() {
        return new WrongSteps(random, prefix).step(channel());
    }

    private String queue() {
        return prefix + "q" + random.nextInt(QueueArguments.QUEUES);
    }

    private String exchange() {
        return prefix + "e" + random.nextInt(QueueArguments.EXCHANGES);
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
