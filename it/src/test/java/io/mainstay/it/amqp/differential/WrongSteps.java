package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;

import java.util.Map;
import java.util.Random;

/// Makes steps that a broker refuses.
///
/// @param prefix of the script's names
record WrongSteps(Random random, String prefix) {

    Step step(int channel) {
        return switch (random.nextInt(28)) {
            case 0 -> plain(channel, "ack an unknown tag", raw -> raw.basicAck(999, false));
            case 1 -> plain(channel, "nack all of nothing", raw -> raw.basicNack(999, true, true));
            case 2 ->
                    plain(
                            channel,
                            "publish to no exchange",
                            raw ->
                                    raw.basicPublish(
                                            prefix + "none",
                                            "k",
                                            ScriptClient.NO_PROPERTIES,
                                            new byte[1]));
            case 3 ->
                    plain(
                            channel,
                            "declare a reserved queue",
                            raw -> raw.queueDeclare("amq.mine", false, false, false, null));
            case 4 ->
                    plain(
                            channel,
                            "declare a reserved exchange",
                            raw -> raw.exchangeDeclare("amq.mine", BuiltinExchangeType.DIRECT));
            case 5 -> plain(channel, "confirm", raw -> raw.confirmSelect());
            case 6 -> plain(channel, "commit nothing", raw -> raw.txCommit());
            case 7 -> plain(channel, "roll back nothing", raw -> raw.txRollback());
            case 8 -> plain(channel, "delete the default exchange", raw -> raw.exchangeDelete(""));
            case 9 -> plain(channel, "delete amq.topic", raw -> raw.exchangeDelete("amq.topic"));
            case 10 ->
                    plain(
                            channel,
                            "bind to the default exchange",
                            raw -> raw.queueBind(prefix + "q0", "", "k"));
            case 11 -> plain(channel, "qos of bytes", raw -> raw.basicQos(100, 1, false));
            case 12 ->
                    plain(
                            channel,
                            "publish immediately",
                            raw ->
                                    raw.basicPublish(
                                            "",
                                            prefix + "q0",
                                            false,
                                            true,
                                            ScriptClient.NO_PROPERTIES,
                                            new byte[1]));
            case 13 ->
                    plain(
                            channel,
                            "declare a queue without a name",
                            raw -> raw.queueDeclare("", false, true, true, null));
            case 14 -> plain(channel, "recover nothing back", raw -> raw.basicRecover(false));
            case 15 ->
                    plain(
                            channel,
                            "get from nowhere",
                            raw -> raw.basicGet(prefix + "nowhere", true));
            case 16 -> plain(channel, "get from the last queue", raw -> raw.basicGet("", true));
            case 17 ->
                    plain(
                            channel,
                            "bind with a key that is no number to a hash",
                            raw -> {
                                raw.exchangeDeclare(
                                        prefix + HashSteps.EXCHANGE, "x-consistent-hash", true);
                                raw.queueBind(prefix + "q0", prefix + HashSteps.EXCHANGE, "many");
                            });
            case 18 ->
                    plain(
                            channel,
                            "declare a hash of two things",
                            raw ->
                                    raw.exchangeDeclare(
                                            prefix + HashSteps.EXCHANGE,
                                            "x-consistent-hash",
                                            true,
                                            false,
                                            Map.of(
                                                    "hash-header",
                                                    "h",
                                                    "hash-property",
                                                    "message_id")));
            case 19 ->
                    plain(
                            channel,
                            "declare a hash of a property that is none",
                            raw ->
                                    raw.exchangeDeclare(
                                            prefix + HashSteps.EXCHANGE,
                                            "x-consistent-hash",
                                            true,
                                            false,
                                            Map.of("hash-property", "app_id")));
            case 20 -> plain(channel, "select transactions", raw -> raw.txSelect());
            case 21 -> plain(channel, "purge nothing", raw -> raw.queuePurge(prefix + "nowhere"));
            case 22 ->
                    plain(
                            channel,
                            "unbind from nowhere",
                            raw -> raw.queueUnbind(prefix + "q0", prefix + "nowhere", "k"));
            case 23 ->
                    plain(
                            channel,
                            "unbind exchanges",
                            raw -> raw.exchangeUnbind(prefix + "e1", prefix + "e0", "#"));
            case 24 ->
                    plain(
                            channel,
                            "bind to amq.topic from the default exchange",
                            raw -> raw.exchangeBind("amq.topic", "", "k"));
            case 25 ->
                    plain(
                            channel,
                            "is there an exchange of another type",
                            raw -> raw.exchangeDeclare("amq.fanout", BuiltinExchangeType.DIRECT));
            case 26 ->
                    plain(
                            channel,
                            "publish as the default exchange's copy",
                            raw ->
                                    raw.basicPublish(
                                            "amq.direct",
                                            prefix + "q0",
                                            true,
                                            new BasicProperties.Builder()
                                                    .headers(Map.of("BCC", 5))
                                                    .build(),
                                            new byte[1]));
            default ->
                    plain(
                            channel,
                            "declare the default exchange",
                            raw -> raw.exchangeDeclare("", BuiltinExchangeType.DIRECT));
        };
    }

    private interface Call {
        void run(com.rabbitmq.client.Channel raw) throws Exception;
    }

    private static Step plain(int channel, String text, Call call) {
        return new Step(
                channel + ": " + text,
                client -> {
                    call.run(client.raw(channel));
                    return "ok";
                });
    }
}
