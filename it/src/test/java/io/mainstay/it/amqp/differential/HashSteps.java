package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.MessageProperties;

import java.util.Map;
import java.util.Random;

/// Makes steps with an exchange that hashes. One queue only is ever bound to it: which of several a key goes to is each broker's own.
///
/// @param prefix of the script's names
record HashSteps(Random random, String prefix) {

    /// RabbitMQ puts the type of this exchange into quotes in its sentences, so that its name is no other one's.
    static final String EXCHANGE = "hash";

    private static final String TYPE = "x-consistent-hash";

    Step step(int channel) {
        String exchange = prefix + EXCHANGE;
        String queue = prefix + "q1";
        return switch (random.nextInt(6)) {
            case 0 -> declare(channel, Map.of());
            case 1 -> declare(channel, Map.of("hash-header", "colour"));
            case 2 -> {
                int weight = 1 + random.nextInt(3);
                yield new Step(
                        "%s: bind %s to the hash with %s".formatted(channel, queue, weight),
                        client -> {
                            client.raw(channel)
                                    .queueBind(queue, exchange, Integer.toString(weight));
                            return "ok";
                        });
            }
            default -> {
                String key = "k" + random.nextInt(10);
                yield new Step(
                        "%s: publish to the hash with '%s'".formatted(channel, key),
                        client ->
                                client.channel(channel)
                                        .publish(
                                                exchange,
                                                key,
                                                true,
                                                MessageProperties.MINIMAL_BASIC,
                                                key));
            }
        };
    }

    private Step declare(int channel, Map<String, Object> arguments) {
        return new Step(
                "%s: declare a hash %s".formatted(channel, MessageText.value(arguments)),
                client -> {
                    client.raw(channel)
                            .exchangeDeclare(prefix + EXCHANGE, TYPE, true, false, arguments);
                    return "ok";
                });
    }
}
