package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/// One of a script's channels, and what it holds unacknowledged.
final class ScriptChannel {

    /// How what is published on it is answered.
    enum Mode {
        PLAIN,
        CONFIRM,
        TRANSACTION
    }

    private final int number;
    private final Mode mode;
    private @Nullable Channel channel;

    /// Guarded by this, as what follows: deliveries come on threads of the client.
    private final List<String> seen = new ArrayList<>();

    private final NavigableMap<Long, String> unacked = new TreeMap<>();

    /// Settled in a transaction that has not ended.
    private final NavigableMap<Long, String> pending = new TreeMap<>();

    ScriptChannel(int number, Mode mode) {
        this.number = number;
        this.mode = mode;
    }

    void open(Connection connection) throws IOException {
        Channel opened = Objects.requireNonNull(connection.createChannel());
        opened.addReturnListener(
                (code, text, exchange, key, properties, body) ->
                        note(
                                "returned %d %s: %s"
                                        .formatted(
                                                code,
                                                text,
                                                MessageText.of(
                                                        exchange, key, false, properties, body))));
        opened.addShutdownListener(
                cause -> {
                    if (!cause.isHardError()) {
                        note(ScriptClient.reason(cause));
                    }
                });
        switch (mode) {
            case PLAIN -> {}
            case CONFIRM -> opened.confirmSelect();
            case TRANSACTION -> opened.txSelect();
        }
        synchronized (this) {
            unacked.clear();
            pending.clear();
        }
        channel = opened;
    }

    Channel raw() {
        return Objects.requireNonNull(channel);
    }

    int number() {
        return number;
    }

    private synchronized void note(String line) {
        seen.add("channel " + number + " " + line);
    }

    synchronized List<String> seen() {
        return List.copyOf(seen);
    }

    /// Returns when the broker has done what it was sent on this channel.
    void catchUp() {
        Channel now = raw();
        if (now.isOpen()) {
            try {
                now.exchangeDeclarePassive("amq.direct");
            } catch (IOException | AlreadyClosedException closed) {
                // Seen by the listener.
            }
        }
    }

    /// Forgets what was seen, and opens the channel if it was closed.
    void startOver(Connection connection) throws IOException {
        if (!raw().isOpen()) {
            open(connection);
        }
        synchronized (this) {
            seen.clear();
        }
    }

    String publish(
            String exchange, String key, boolean mandatory, BasicProperties properties, String body)
            throws Exception {
        raw().basicPublish(exchange, key, mandatory, properties, bytes(body));
        if (mode != Mode.CONFIRM) {
            return "sent";
        }
        return raw().waitForConfirms(10_000) ? "confirmed" : "nacked";
    }

    /// Publishes several to one queue without waiting in between.
    String publishTogether(String queue, List<String> bodies) throws Exception {
        for (String body : bodies) {
            raw().basicPublish("", queue, ScriptClient.NO_PROPERTIES, bytes(body));
        }
        if (mode != Mode.CONFIRM) {
            return "sent";
        }
        return raw().waitForConfirms(10_000) ? "confirmed" : "not all confirmed";
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    String get(String queue, boolean autoAck) throws IOException {
        GetResponse got = raw().basicGet(queue, autoAck);
        if (got == null) {
            return "empty";
        }
        Envelope envelope = got.getEnvelope();
        hold(envelope.getDeliveryTag(), autoAck, got.getBody());
        return "%s, %d left"
                .formatted(text(envelope, got.getProps(), got.getBody()), got.getMessageCount());
    }

    String consume(
            String queue,
            String tag,
            boolean autoAck,
            boolean exclusive,
            Map<String, Object> arguments)
            throws IOException {
        return raw().basicConsume(
                        queue,
                        autoAck,
                        tag,
                        false,
                        exclusive,
                        arguments,
                        new DefaultConsumer(raw()) {
                            @Override
                            public void handleDelivery(
                                    String consumerTag,
                                    Envelope envelope,
                                    BasicProperties properties,
                                    byte[] body) {
                                hold(envelope.getDeliveryTag(), autoAck, body);
                                note(consumerTag + " got " + text(envelope, properties, body));
                            }

                            @Override
                            public void handleCancel(String consumerTag) {
                                note(consumerTag + " was cancelled");
                            }
                        });
    }

    private static String text(Envelope envelope, BasicProperties properties, byte[] body) {
        return MessageText.of(
                envelope.getExchange(),
                envelope.getRoutingKey(),
                envelope.isRedeliver(),
                properties,
                body);
    }

    private synchronized void hold(long tag, boolean autoAck, byte[] body) {
        if (!autoAck) {
            unacked.put(tag, new String(body, StandardCharsets.UTF_8));
        }
    }

    synchronized boolean holdsSomething() {
        return !unacked.isEmpty();
    }

    /// Whether nothing is unacknowledged, or acknowledged in a transaction that has not ended.
    synchronized boolean isAtRest() {
        return unacked.isEmpty() && pending.isEmpty();
    }

    /// The tag of its one consumer, where it has one.
    String consumer() {
        return "consumer-" + number;
    }

    /// Ends its one consumer and acknowledges everything that it holds.
    void stop() throws IOException {
        try {
            raw().basicCancel(consumer());
        } catch (IOException none) {
            // The client knows no such consumer and has asked nobody.
        }
        while (holdsSomething()) {
            settle(0, false, (raw, tag) -> raw.basicAck(tag, false));
        }
    }

    /// How an unacknowledged message is settled.
    interface Settle {
        void send(Channel channel, long tag) throws IOException;
    }

    /// Settles the one at a place among those that are unacknowledged, oldest first; `multiple`: and all before it.
    String settle(int place, boolean multiple, Settle how) throws IOException {
        long tag;
        String said;
        synchronized (this) {
            if (unacked.isEmpty()) {
                return "holds nothing";
            }
            tag = new ArrayList<>(unacked.keySet()).get(place % unacked.size());
            NavigableMap<Long, String> settled =
                    multiple ? unacked.headMap(tag, true) : unacked.subMap(tag, true, tag, true);
            said = "channel " + number + " " + settled.values();
            if (mode == Mode.TRANSACTION) {
                pending.putAll(settled);
            }
            settled.clear();
        }
        how.send(raw(), tag);
        return said;
    }

    String recover() throws IOException {
        synchronized (this) {
            unacked.clear();
        }
        raw().basicRecover(true);
        return "ok";
    }

    String commit() throws IOException {
        raw().txCommit();
        synchronized (this) {
            pending.clear();
        }
        return "ok";
    }

    /// Commits if something was acknowledged and not committed yet.
    void commitSettled() throws IOException {
        boolean settled;
        synchronized (this) {
            settled = !pending.isEmpty();
        }
        if (settled) {
            commit();
        }
    }

    String rollback() throws IOException {
        raw().txRollback();
        synchronized (this) {
            unacked.putAll(pending);
            pending.clear();
        }
        return "ok";
    }
}
