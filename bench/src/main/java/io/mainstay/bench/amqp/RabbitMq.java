package io.mainstay.bench.amqp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A RabbitMQ server of Debian's package with its defaults, on free ports of loopback and a folder of its own.
///
/// @param names where its port mapper listens, which it starts and we end
record RabbitMq(int port, Process process, int names) implements Server {

    /// Not the command on the path: that one wants to become the package's user.
    private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private static final long READY_SECONDS = 120;

    static boolean installed() {
        return Files.isExecutable(PROGRAM);
    }

    static RabbitMq start(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        int names = freePort();
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("rabbitmq.conf"), "disk_free_limit.absolute = 200MB\n");
        Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
        Files.writeString(folder.resolve("env.conf"), "");
        Map<String, String> settings = new TreeMap<>();
        settings.put("HOME", folder.toString());
        settings.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        settings.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        settings.put("RABBITMQ_DIST_PORT", Integer.toString(freePort()));
        settings.put("RABBITMQ_NODENAME", "bench" + port + "@localhost");
        settings.put("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString());
        settings.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        settings.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString());
        settings.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
        settings.put("RABBITMQ_CONF_ENV_FILE", folder.resolve("env.conf").toString());
        settings.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1}");
        settings.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        settings.put("ERL_EPMD_PORT", Integer.toString(names));
        Path log = folder.resolve("server.log");
        ProcessBuilder builder =
                new ProcessBuilder(PROGRAM.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(settings);
        RabbitMq server = new RabbitMq(port, builder.start(), names);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return server;
            } catch (IOException notYet) {
                if (!server.process.isAlive() || System.nanoTime() > deadline) {
                    server.close();
                    throw new IOException("RabbitMQ did not start; its log: " + log, notYet);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        Server.end(process);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            ProcessBuilder end = new ProcessBuilder("epmd", "-kill");
            end.environment().put("ERL_EPMD_PORT", Integer.toString(names));
            end.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.out.println("RabbitMQ's port mapper may still run: " + e.getMessage());
        }
    }
}
