package io.mainstay.bench.amqp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A node of ours with its defaults and an empty data folder, on free ports of loopback.
record MainstayNode(int port, Process process) implements Server {

    private static final long READY_SECONDS = 120;
    private static final Pattern ADDRESS = Pattern.compile("\"amqp\"\\s*:\\s*\"[^\"]*:(\\d+)");

    /// @param heap as `-Xmx` takes it
    static MainstayNode start(String java, String classpath, String heap, Path folder)
            throws IOException, InterruptedException {
        Path ready = folder.resolve("ready.json");
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>();
        command.addAll(List.of(java, "-Xmx" + heap, "-XX:+UseSerialGC"));
        command.addAll(
                List.of(
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.net.preferIPv4Stack=true"));
        command.addAll(List.of("-cp", classpath, "io.mainstay.server.Main", "start"));
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
                        .redirectOutput(log.toFile())
                        .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException("the node did not start; its log: " + log);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        Matcher address = ADDRESS.matcher(Files.readString(ready));
        if (!address.find()) {
            process.destroyForcibly();
            throw new IOException("the node does not listen for AMQP; its log: " + log);
        }
        return new MainstayNode(Integer.parseInt(address.group(1)), process);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
