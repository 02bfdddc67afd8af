package io.mainstay.bench.registry;

import io.mainstay.bench.changes.ZooKeeperServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server process under measurement.
///
/// @param registry it keeps instances; false for the floor, which only answers
/// @param streamPort of the streaming protocol; 0 if it has none
record Target(String name, boolean registry, Process process, int port, int streamPort)
        implements AutoCloseable {

    private static final long READY_SECONDS = 120;

    static final String TUNED_NAME = "Spring Eureka, tuned";

    /// What a person sets who wants a Spring Eureka server to notice things fast.
    static final List<String> TUNED =
            List.of(
                    "--eureka.server.eviction-interval-timer-in-ms=1000",
                    "--eureka.server.use-read-only-response-cache=false",
                    "--eureka.server.response-cache-auto-expiration-in-seconds=1",
                    "--eureka.server.enable-self-preservation=false",
                    "--eureka.server.expected-client-renewal-interval-seconds=1",
                    "--eureka.server.retention-time-in-m-s-in-delta-queue=15000",
                    "--eureka.server.delta-retention-timer-interval-in-ms=1000",
                    // Tomcat's own 8,192 are fewer than the connections of the paced beats.
                    "--server.tomcat.max-connections=20000",
                    "--server.tomcat.max-keep-alive-requests=-1",
                    "--server.tomcat.keep-alive-timeout=10m");

    long pid() {
        return process.pid();
    }

    double cpuSeconds() throws IOException {
        return ProcessUse.cpuSeconds(pid());
    }

    /// A Mainstay node with an empty data directory.
    static Target node(String java, String classpath, Path data, Path log)
            throws IOException, InterruptedException {
        Path ready = data.resolve("ready.json");
        List<String> command = new ArrayList<>(jvm(java, classpath));
        command.addAll(List.of("io.mainstay.server.Main", "start", "--data", data.toString()));
        for (String head :
                List.of(
                        "http",
                        "eureka",
                        "grpc",
                        "amqp",
                        "amqps",
                        "rabbitmq",
                        "rabbitmq-metrics")) {
            command.addAll(List.of("-X", head + ".port=0"));
        }
        command.addAll(List.of("--ready-file", ready.toString()));
        Process process = launch(command, log);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!Files.exists(ready)) {
            awaitStart(process, log, deadline);
        }
        String said = Files.readString(ready);
        return new Target("Mainstay", true, process, port(said, "eureka"), port(said, "grpc"));
    }

    private static int port(String ready, String head) {
        String url = ready.replaceAll("(?s).*\"" + head + "\"\\s*:\\s*\"([^\"]*)\".*", "$1");
        return Integer.parseInt(url.replaceAll(".*:(\\d+).*", "$1"));
    }

    /// One ZooKeeper server with an empty data directory.
    static Target zooKeeper(String java, String classpath, Path data, Path log)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(jvm(java, classpath));
        command.addAll(
                List.of(ZooKeeperServer.class.getName(), Integer.toString(port), data.toString()));
        Target target = new Target("ZooKeeper", false, launch(command, log), port, 0);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return target;
            } catch (IOException notYet) {
                awaitStart(target.process, log, deadline);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// The floor of the same run: it answers as a beat of Eureka's is answered.
    static Target floor(String java, String classpath, Path log) throws IOException {
        return floor("floor", java, classpath, FloorServer.HTTP_ANSWER_BYTES, log);
    }

    /// A floor that answers `answerBytes` whatever comes; 0: nothing.
    static Target floor(String name, String java, String classpath, int answerBytes, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(jvm(java, classpath));
        command.addAll(List.of(FloorServer.class.getName(), Integer.toString(answerBytes)));
        Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        var line = new java.io.ByteArrayOutputStream();
        for (int b = process.getInputStream().read(); b >= 0 && b != '\n'; ) {
            line.write(b);
            b = process.getInputStream().read();
        }
        String port = line.toString(StandardCharsets.US_ASCII).trim();
        return new Target(name, false, process, Integer.parseInt(port), 0);
    }

    /// A Spring Eureka server with `settings` as its arguments.
    static Target eureka(
            String name,
            String java,
            String classpath,
            String main,
            List<String> settings,
            Path log)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(jvm(java, classpath));
        command.add(main);
        command.add("--server.port=" + port);
        command.addAll(settings);
        Target target = new Target(name, true, launch(command, log), port, 0);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        try (RegistryClient client = new RegistryClient(port)) {
            while (true) {
                try {
                    client.get("/");
                    return target;
                } catch (IOException notYet) {
                    awaitStart(target.process, log, deadline);
                }
            }
        }
    }

    /// Flags that all servers of a run share. All of the heap is touched at once: what grows later lies beside it.
    private static List<String> jvm(String java, String classpath) {
        return List.of(
                java,
                "-Xms768m",
                "-Xmx768m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classpath);
    }

    private static Process launch(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static void awaitStart(Process process, Path log, long deadline)
            throws IOException, InterruptedException {
        if (!process.isAlive() || System.nanoTime() > deadline) {
            process.destroyForcibly();
            throw new IOException("a server did not start; its log:\n" + Files.readString(log));
        }
        TimeUnit.MILLISECONDS.sleep(100);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
