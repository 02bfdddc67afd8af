package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Does steps and says what it saw. One connection with some channels for the script, and one to look at the queues with.
///
/// A channel or connection that the broker closes is opened again before the next step.
final class ScriptClient implements AutoCloseable {

    static final int CHANNELS = 3;

    /// For what must not depend on luck: an answer that does not come.
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private static final long POLL_MS = 3;

    /// A broker that nobody knows the answer of has come to rest when it shows the same for so long.
    private static final long REST_MS = 16;

    private static final Pattern GENERATED = Pattern.compile("amq\\.gen-[-_A-Za-z0-9]+");

    private final ConnectionFactory factory;
    private final ScriptMaker.Script script;
    private final List<ScriptChannel> channels = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> closes = new ConcurrentLinkedQueue<>();
    private Connection connection;
    private Channel monitor;

    ScriptClient(ConnectionFactory factory, ScriptMaker.Script script)
            throws IOException, TimeoutException {
        this.factory = factory;
        this.script = script;
        for (int i = 0; i < CHANNELS; i++) {
            channels.add(new ScriptChannel(i, script.modes().get(i)));
        }
        connection = connected();
        monitor = connection.createChannel();
    }

    ScriptChannel channel(int number) {
        return channels.get(number);
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
        if (!connection.isOpen()) {
            connection = connected();
            monitor = connection.createChannel();
        } else {
            for (ScriptChannel channel : channels) {
                channel.startOver(connection);
            }
        }
        return new Answer(result, seen);
    }

    private Connection connected() throws IOException, TimeoutException {
        Connection opened = factory.newConnection();
        opened.addShutdownListener(cause -> closes.add("connection " + reason(cause)));
        for (ScriptChannel channel : channels) {
            channel.open(opened);
        }
        return opened;
    }

    /// What has come in this step, and what is there now: of each queue its messages and consumers, of quorum queues the messages alone, as RabbitMQ 3.10
    /// counts those who hold messages of them as consumers.
    private List<String> look() throws IOException {
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
        seen.add(String.join(", ", counts));
        return seen.stream().map(line -> line.replace(script.prefix(), "")).toList();
    }

    private void count(String queue, List<String> counts) throws IOException {
        if (!connection.isOpen()) {
            return;
        }
        try {
            if (!monitor.isOpen()) {
                monitor = connection.createChannel();
            }
            AMQP.Queue.DeclareOk there = monitor.queueDeclarePassive(queue);
            counts.add(
                    script.quorum()
                            ? "%s: %d".formatted(queue, there.getMessageCount())
                            : "%s: %d+%d"
                                    .formatted(
                                            queue,
                                            there.getMessageCount(),
                                            there.getConsumerCount()));
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
    static void clean(ConnectionFactory factory, ScriptMaker.Script script)
            throws IOException, TimeoutException {
        try (Connection cleaner = factory.newConnection()) {
            Channel channel = cleaner.createChannel();
            for (String queue : script.queues()) {
                channel.queueDelete(queue);
            }
            for (String exchange : script.exchanges()) {
                channel.exchangeDelete(exchange);
            }
        }
    }

    @Override
    public void close() {
        connection.abort();
    }

    /// What is sent to a broker where a message has no properties.
    static final BasicProperties NO_PROPERTIES = new BasicProperties();

    Channel raw(int number) {
        return channels.get(number).raw();
    }
}
