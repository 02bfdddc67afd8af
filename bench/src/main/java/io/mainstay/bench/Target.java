package io.mainstay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server process under measurement.
record Target(String name, Process process, int port) implements AutoCloseable {

    private static final long READY_SECONDS = 120;

    long pid() {
        return process.pid();
    }

    /// A Mainstay node with an empty data directory.
    static Target node(String java, String classpath, Path data, Path log)
            throws IOException, InterruptedException {
        Path ready = data.resolve("ready.json");
        List<String> command = new ArrayList<>(jvm(java, classpath));
        command.addAll(List.of("io.mainstay.server.Main", "start", "--data", data.toString()));
        command.addAll(List.of("-X", "http.port=0", "-X", "eureka.port=0"));
        command.addAll(List.of("--ready-file", ready.toString()));
        Process process = launch(command, log);
        awaitFile(ready, process, log);
        String json = Files.readString(ready);
        String url = json.replaceAll("(?s).*\"eureka\"\\s*:\\s*\"([^\"]*)\".*", "$1");
        int port = Integer.parseInt(url.replaceAll(".*:(\\d+).*", "$1"));
        return new Target("Mainstay", process, port);
    }

    /// The floor of the same run.
    static Target floor(String java, String classpath, Path log) throws IOException {
        List<String> command = new ArrayList<>(jvm(java, classpath));
        command.add(FloorServer.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        Process process = builder.start();
        String port = new String(readLine(process), StandardCharsets.US_ASCII).trim();
        return new Target("floor", process, Integer.parseInt(port));
    }

    private static byte[] readLine(Process process) throws IOException {
        var line = new java.io.ByteArrayOutputStream();
        for (int b = process.getInputStream().read(); b >= 0 && b != '\n'; ) {
            line.write(b);
            b = process.getInputStream().read();
        }
        return line.toByteArray();
    }

    /// Flags that all servers of a run share.
    static List<String> jvm(String java, String classpath) {
        return List.of(
                java,
                "-Xms512m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classpath);
    }

    static Process launch(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    static void awaitFile(Path file, Process process, Path log)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!Files.exists(file)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException("a server did not start; its log:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
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
