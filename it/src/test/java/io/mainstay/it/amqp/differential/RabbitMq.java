package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.Connection;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.HeldPorts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A real RabbitMQ in a process of its own, as Debian's package installs it, or one that runs already and that [#ADDRESS] names.
final class RabbitMq implements AutoCloseable {

    /// System property with the port on loopback of a RabbitMQ that runs already.
    private static final String ADDRESS = "mainstay.it.rabbitmq-port";

    /// As above with the port of its management API.
    private static final String API = "mainstay.it.rabbitmq-api-port";

    private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final Duration READY = Duration.ofSeconds(120);

    private final Peer peer;
    private final @Nullable Process process;

    private RabbitMq(int port, int apiPort, @Nullable Process process) {
        this.peer = Peer.on(port, "http://127.0.0.1:" + apiPort + "/api/");
        this.process = process;
    }

    static boolean isThere() {
        return Files.isExecutable(PROGRAM) || Integer.getInteger(ADDRESS, 0) != 0;
    }

    static RabbitMq start(Path home) throws IOException {
        int running = Integer.getInteger(ADDRESS, 0);
        if (running != 0) {
            return new RabbitMq(running, Integer.getInteger(API, 0), null);
        }
        int port = HeldPorts.take();
        int apiPort = HeldPorts.take();
        Files.createDirectories(home);
        Path config = home.resolve("rabbitmq.conf");
        Files.write(
                config,
                List.of(
                        "listeners.tcp.1 = 127.0.0.1:" + port,
                        "management.tcp.ip = 127.0.0.1",
                        "management.tcp.port = " + apiPort,
                        "log.console = true"));
        Path plugins = home.resolve("plugins");
        Files.writeString(plugins, "[rabbitmq_consistent_hash_exchange,rabbitmq_management].");
        ProcessBuilder builder =
                new ProcessBuilder(PROGRAM.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("log").toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "HOME", home.toString(),
                                "RABBITMQ_NODENAME", "differential-" + port + "@localhost",
                                "RABBITMQ_NODE_PORT", Integer.toString(port),
                                "RABBITMQ_DIST_PORT", Integer.toString(HeldPorts.take()),
                                "RABBITMQ_MNESIA_BASE", home.resolve("data").toString(),
                                "RABBITMQ_LOG_BASE", home.resolve("logs").toString(),
                                "RABBITMQ_CONFIG_FILE", config.toString(),
                                "RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString(),
                                // One scheduler: what one process sends before another one it
                                // also is received before it.
                                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1"));
        RabbitMq started = new RabbitMq(port, apiPort, builder.start());
        try {
            Conditions.await("RabbitMQ", READY, started::answers);
            return started;
        } catch (AssertionError late) {
            started.close();
            throw new IllegalStateException(Files.readString(home.resolve("log")), late);
        }
    }

    private boolean answers() {
        try (Connection connection = peer.factory().newConnection()) {
            return connection.isOpen() && peer.call("GET", "overview", "") == 200;
        } catch (Exception notYet) {
            return false;
        }
    }

    Peer peer() {
        return peer;
    }

    @Override
    public void close() {
        if (process != null) {
            List<ProcessHandle> below = process.descendants().toList();
            below.forEach(ProcessHandle::destroy);
            process.destroy();
            below.forEach(handle -> handle.onExit().join());
        }
    }
}
