package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Does steps and says what it saw. Two connections: one with three channels, one with one.
///
/// A channel or connection that the broker closes is opened again before the next step.
final class ScriptClient implements AutoCloseable {

    static final int CHANNELS = 4;

    private static final int CONNECTIONS = 2;

    /// For what must not depend on luck: an answer that does not come.
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private static final long POLL_MS = 3;

    /// A broker that nobody knows the answer of has come to rest when it shows the same for so long.
    private static final long REST_MS = 16;

    private static final Pattern TEXT =
            Pattern.compile("(closed: [0-9]+) .*|(returned [0-9]+) [^:]*");

    private static final Pattern GENERATED = Pattern.compile("amq\\.gen-[-_A-Za-z0-9]+");

    private final Peer broker;
    private final Script script;
    private final List<ScriptChannel> channels = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> closes = new ConcurrentLinkedQueue<>();
    private final List<Connection> connections = new ArrayList<>();
    private Channel monitor;

    ScriptClient(Peer broker, Script script) throws IOException, TimeoutException {
        this.broker = broker;
        this.script = script;
        for (int i = 0; i < CHANNELS; i++) {
            channels.add(new ScriptChannel(i, script.modes().get(i)));
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(connected(i));
        }
        monitor = connections.getFirst().createChannel();
    }

    ScriptChannel channel(int number) {
        return channels.get(number);
    }

    /// The first channel from `number` on that holds something unacknowledged, or that channel.
    ScriptChannel holder(int number) {
        for (int i = number; i < number + CHANNELS; i++) {
            if (channels.get(i % CHANNELS).holdsSomething()) {
                return channels.get(i % CHANNELS);
            }
        }
        return channels.get(number);
    }

    Peer broker() {
        return broker;
    }

    private static int connectionOf(int channel) {
        return channel == CHANNELS - 1 ? 1 : 0;
    }

    /// Does it at a broker that sets the standard.
    ///
    /// @param patienceMs how long what the step sets off may take, beside what comes at once
    Answer answer(Step step, long patienceMs) throws Exception {
        String result = begin(step);
        Thread.sleep(patienceMs);
        List<String> seen = look();
        for (long restingSince = System.nanoTime();
                System.nanoTime() - restingSince < Duration.ofMillis(REST_MS).toNanos(); ) {
            Thread.sleep(POLL_MS);
            List<String> now = look();
            if (!now.equals(seen)) {
                seen = now;
                restingSince = System.nanoTime();
            }
        }
        return end(result, seen);
    }

    /// Does it at a broker that shall come to the same answer, in time.
    Answer answer(Step step, Answer expected) throws Exception {
        String result = begin(step);
        long start = System.nanoTime();
        List<String> seen = look();
        while (result.equals(expected.result())
                && !seen.equals(expected.seen())
                && System.nanoTime() - start < DEADLINE.toNanos()) {
            Thread.sleep(POLL_MS);
            seen = look();
        }
        return end(result, seen);
    }

    private String begin(Step step) throws Exception {
        try {
            String result = step.action().run(this).replace(script.prefix(), "");
            return GENERATED.matcher(result).replaceAll("amq.gen-*");
        } catch (IOException | ShutdownSignalException refused) {
            return "refused";
        }
    }

    private Answer end(String result, List<String> seen) throws IOException, TimeoutException {
        closes.clear();
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = connections.get(i);
            if (!connection.isOpen()) {
                connections.set(i, connected(i));
                if (i == 0) {
                    monitor = connections.getFirst().createChannel();
                }
            } else {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    if (connectionOf(channel) == i) {
                        channels.get(channel).startOver(connection);
                    }
                }
            }
        }
        return new Answer(result, seen);
    }

    private Connection connected(int number) throws IOException, TimeoutException {
        Connection opened = broker.factory().newConnection();
        opened.addShutdownListener(
                cause -> closes.add("connection %s %s".formatted(number, reason(cause))));
        for (int channel = 0; channel < CHANNELS; channel++) {
            if (connectionOf(channel) == number) {
                channels.get(channel).open(opened);
            }
        }
        return opened;
    }

    /// What has come in this step, and what is there now: of each queue its messages and consumers.
    private List<String> look() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            awaitReason(i);
        }
        // Whatever a channel was sent before this is done.
        for (ScriptChannel channel : channels) {
            channel.catchUp();
        }
        List<String> counts = new ArrayList<>();
        for (String queue : script.queues()) {
            count(queue, counts);
        }
        List<String> seen = new ArrayList<>(closes);
        for (ScriptChannel channel : channels) {
            seen.addAll(channel.seen());
        }
        if (!closes.isEmpty()) {
            // Whether one channel still gets what another one gives back is luck.
            seen.removeIf(line -> line.contains(" got "));
        }
        seen.add(String.join(", ", counts));
        return seen.stream().map(this::shown).toList();
    }

    /// A connection that is closed is so before its listeners are told why.
    private void awaitReason(int number) {
        Connection connection = connections.get(number);
        Conditions.await(
                "why connection " + number + " is closed",
                DEADLINE,
                () ->
                        connection.isOpen()
                                || closes.stream()
                                        .anyMatch(line -> line.startsWith("connection " + number)));
    }

    private String shown(String line) {
        String own = line.replace(script.prefix(), "");
        return script.texts() ? own : TEXT.matcher(own).replaceFirst("$1$2");
    }

    private void count(String queue, List<String> counts) throws IOException {
        if (!connections.getFirst().isOpen()) {
            return;
        }
        try {
            if (!monitor.isOpen()) {
                monitor = connections.getFirst().createChannel();
            }
            AMQP.Queue.DeclareOk there = monitor.queueDeclarePassive(queue);
            counts.add(
                    switch (script.counted()) {
                        case ALL ->
                                "%s: %d+%d"
                                        .formatted(
                                                queue,
                                                there.getMessageCount(),
                                                there.getConsumerCount());
                        case MESSAGES -> "%s: %d".formatted(queue, there.getMessageCount());
                        case NOTHING -> queue;
                    });
        } catch (IOException | AlreadyClosedException notThere) {
            // It is not declared now, or no longer.
        }
    }

    static String reason(ShutdownSignalException cause) {
        String said =
                switch (cause.getReason()) {
                    case AMQP.Channel.Close close ->
                            "closed: " + close.getReplyCode() + " " + close.getReplyText();
                    case AMQP.Connection.Close close ->
                            "closed: " + close.getReplyCode() + " " + close.getReplyText();
                    case null, default -> "ended";
                };
        return GENERATED.matcher(said).replaceAll("amq.gen-*");
    }

    /// Deletes what the script may have left.
    static void clean(Peer broker, Script script) throws Exception {
        for (String policy : script.policies()) {
            broker.call("DELETE", "policies/%2F/" + policy, "");
        }
        try (Connection cleaner = broker.factory().newConnection()) {
            for (String queue : script.queues()) {
                tryTo(cleaner, channel -> channel.queueDelete(queue));
            }
            for (String exchange : script.exchanges()) {
                tryTo(cleaner, channel -> channel.exchangeDelete(exchange));
            }
        }
    }

    private interface Cleaning {
        void run(Channel channel) throws IOException;
    }

    /// On a channel of its own: to some brokers it is an error to delete what is not there.
    private static void tryTo(Connection cleaner, Cleaning cleaning) throws IOException {
        Channel channel = cleaner.createChannel();
        try {
            cleaning.run(channel);
        } catch (IOException notThere) {
            // As it should be.
        } finally {
            channel.abort();
        }
    }

    @Override
    public void close() {
        connections.forEach(Connection::abort);
    }

    /// What is sent to a broker where a message has no properties.
    static final BasicProperties NO_PROPERTIES = new BasicProperties();

    Channel raw(int number) {
        return channels.get(number).raw();
    }
}
