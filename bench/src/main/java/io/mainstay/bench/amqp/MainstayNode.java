package io.mainstay.bench.amqp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A node of ours with its defaults and a data folder of its own, on free ports of loopback.
///
/// @param http where it tells its metrics
record MainstayNode(int port, String http, Process process) implements Server {

    private static final long READY_SECONDS = 120;
    private static final Pattern ADDRESS = Pattern.compile("\"amqp\"\\s*:\\s*\"[^\"]*:(\\d+)");
    private static final Pattern HTTP = Pattern.compile("\"http\"\\s*:\\s*\"([^\"]+)\"");

    /// How a JVM of a broker is started.
    ///
    /// @param heap as `-Xmx` takes it
    static List<String> jvm(String java, String heap) {
        return List.of(
                java,
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.net.preferIPv4Stack=true");
    }

    static MainstayNode start(Programs programs, Path folder)
            throws IOException, InterruptedException {
        Path ready = folder.resolve("ready.json");
        Files.createDirectories(folder);
        Files.deleteIfExists(ready);
        List<String> command = new ArrayList<>(jvm(programs.java(), programs.heap()));
        if (!programs.startCache().isEmpty()) {
            command.addAll(
                    List.of(
                            "-XX:AOTCache=" + programs.startCache(),
                            "-Xlog:aot*=off",
                            "-Xlog:cds*=off"));
        }
        command.addAll(
                List.of("-cp", programs.serverClasspath(), "io.mainstay.server.Main", "start"));
        command.addAll(List.of("--data", folder.resolve("data").toString()));
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
        Path log = folder.resolve("node.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException("the node did not start; its log: " + log);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        Matcher amqp = ADDRESS.matcher(Files.readString(ready));
        Matcher http = HTTP.matcher(Files.readString(ready));
        if (!amqp.find() || !http.find()) {
            process.destroyForcibly();
            throw new IOException("the node does not listen for AMQP and HTTP; its log: " + log);
        }
        return new MainstayNode(Integer.parseInt(amqp.group(1)), http.group(1), process);
    }

    @Override
    public Usage usage() throws IOException {
        String metrics = metrics();
        return Server.super
                .usage()
                .with(
                        metric("mainstay_journal_appended_bytes_total", metrics),
                        metric("mainstay_journal_syncs_total", metrics),
                        metric("mainstay_jvm_allocated_bytes_total", metrics));
    }

    private String metrics() throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(http + "/metrics")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static double metric(String name, String metrics) {
        Matcher line =
                Pattern.compile("^" + name + " ([0-9.eE+]+)", Pattern.MULTILINE).matcher(metrics);
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }

    @Override
    public void close() {
        Server.end(process);
    }
}
