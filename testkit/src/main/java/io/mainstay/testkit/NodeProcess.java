package io.mainstay.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real node in a JVM of its own, with a data directory that outlives restarts.
///
/// All its starts take the same ports, as a node on a server does, so that clients find it again.
public final class NodeProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(120);
    static final String MAIN = "io.mainstay.server.Main";
    static final String COMPILE_QUICKLY = "-XX:TieredStopAtLevel=1";
    static final List<String> FLAGS =
            List.of(
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Djava.net.preferIPv4Stack=true");

    private final Path java;
    private final List<String> flags;
    private final String classpath;
    private final Path home;
    private final List<String> settings;
    private final String scheme;
    private int httpPort = HeldPorts.take();
    private int eurekaPort = HeldPorts.take();
    private int grpcPort = HeldPorts.take();
    private int amqpPort = HeldPorts.take();
    private int amqpsPort = HeldPorts.take();
    private int managementPort = HeldPorts.take();
    private JavaProcess process;

    private NodeProcess(
            Path java, List<String> more, String classpath, Path home, List<String> settings) {
        this.java = java;
        List<String> all = new ArrayList<>(FLAGS);
        all.addAll(more);
        this.flags = List.copyOf(all);
        this.classpath = classpath;
        this.home = home;
        this.settings = List.copyOf(settings);
        this.scheme =
                settings.stream().anyMatch(s -> s.startsWith("tls.certificate="))
                        ? "https"
                        : "http";
        this.process = launch();
    }

    /// Starts a node with the class path of this JVM and waits until it is ready.
    ///
    /// It compiles quickly and not well, because most nodes of tests end soon: that halves the CPU of a start.
    ///
    /// @param home gets `data`, `ready.json` and `node.log`
    /// @param settings `key=value` pairs
    public static NodeProcess start(Path home, String... settings) {
        List<String> flags = new ArrayList<>(StartCache.flags());
        flags.add(COMPILE_QUICKLY);
        return start(JavaProcess.sameJava(), flags, JavaProcess.sameClasspath(), home, settings);
    }

    /// Starts a node with a class path of the caller's choice and waits until it is ready.
    ///
    /// @param more flags of the JVM
    public static NodeProcess start(
            Path java, List<String> more, String classpath, Path home, String... settings) {
        return new NodeProcess(java, more, classpath, home, List.of(settings));
    }

    /// What clients put into `eureka.client.serviceUrl.defaultZone`, with a slash at the end.
    public String eurekaUrl() {
        return scheme + "://127.0.0.1:" + eurekaPort + "/eureka/";
    }

    /// As [#eurekaUrl()] with credentials, as Eureka's clients take them.
    public String eurekaUrl(String user, String password) {
        return scheme + "://" + user + ":" + password + "@127.0.0.1:" + eurekaPort + "/eureka/";
    }

    /// Base of the admin API and the console, without a slash at the end.
    public String httpUrl() {
        return scheme + "://127.0.0.1:" + httpPort;
    }

    /// Port of the streaming protocol on loopback.
    public int grpcPort() {
        return grpcPort;
    }

    /// Port of AMQP on loopback; 0 if the node does not listen there.
    public int amqpPort() {
        return amqpPort;
    }

    /// Port of AMQP over TLS on loopback; 0 if the node does not listen there.
    public int amqpsPort() {
        return amqpsPort;
    }

    /// Port of RabbitMQ's management API on loopback; 0 if the node does not listen there.
    public int managementPort() {
        return managementPort;
    }

    public JavaProcess process() {
        return process;
    }

    /// SIGKILL.
    public void kill() {
        process.kill();
    }

    /// SIGTERM; whether it ended by itself.
    public boolean terminate() {
        return process.terminate();
    }

    /// Starts it again after [#kill()] or [#terminate()], on the same data and ports; returns when it is ready.
    public Duration startAgain() {
        long start = System.nanoTime();
        process = launch();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        process.close();
    }

    private JavaProcess launch() {
        Path ready = home.resolve("ready.json");
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("start", "--data", home.resolve("data").toString()));
        arguments.addAll(List.of("-X", "http.port=" + httpPort));
        arguments.addAll(List.of("-X", "eureka.port=" + eurekaPort));
        arguments.addAll(List.of("-X", "grpc.port=" + grpcPort));
        arguments.addAll(List.of("-X", "amqp.port=" + amqpPort));
        arguments.addAll(List.of("-X", "amqps.port=" + amqpsPort));
        arguments.addAll(List.of("-X", "rabbitmq.port=" + managementPort));
        arguments.addAll(List.of("-X", "rabbitmq-metrics.port=0"));
        for (String setting : settings) {
            arguments.addAll(List.of("-X", setting));
        }
        arguments.addAll(List.of("--ready-file", ready.toString()));
        JavaProcess started =
                JavaProcess.start(
                        new JavaProcess.Command(
                                "node",
                                java,
                                flags,
                                classpath,
                                MAIN,
                                arguments,
                                home.resolve("node.log")));
        try {
            String json =
                    Conditions.value(
                            "the node's ready file", READY, () -> readyFile(ready, started));
            httpPort = port(json, "http");
            eurekaPort = port(json, "eureka");
            grpcPort = port(json, "grpc");
            amqpPort = portOrNone(json, "amqp");
            amqpsPort = portOrNone(json, "amqps");
            managementPort = portOrNone(json, "rabbitmq");
            return started;
        } catch (AssertionError | IllegalStateException e) {
            String log = started.log();
            started.kill();
            throw new IllegalStateException("the node did not start; its log:\n" + log, e);
        }
    }

    private static @org.jspecify.annotations.Nullable String readyFile(
            Path ready, JavaProcess started) throws IOException {
        if (Files.exists(ready)) {
            String json = Files.readString(ready);
            return json.contains("}") ? json : null;
        }
        if (!started.alive()) {
            throw new EndedEarly();
        }
        return null;
    }

    /// An error, so that nobody waits on for a process that is gone.
    private static final class EndedEarly extends AssertionError {
        private static final long serialVersionUID = 1;

        EndedEarly() {
            super("the process ended before it was ready");
        }
    }

    private static int port(String json, String head) {
        int port = portOrNone(json, head);
        if (port == 0) {
            throw new IllegalStateException("no address of '" + head + "' in " + json);
        }
        return port;
    }

    private static int portOrNone(String json, String head) {
        Matcher matcher = Pattern.compile("\"" + head + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            return 0;
        }
        String address = matcher.group(1);
        return URI.create(address.contains("://") ? address : "http://" + address).getPort();
    }
}
