package io.mainstay.bench.amqp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// RabbitMQ's load generator in a JVM of its own. Its figures are taken from what it prints at its end.
///
/// @param classpath of PerfTest and what it needs
record PerfTest(String java, String classpath) {

    /// Beyond the time that it was given, before it counts as stuck.
    private static final long PATIENCE_SECONDS = 120;

    /// Runs it against `target` and measures the broker meanwhile.
    ///
    /// @param mostSeconds it ends by itself before
    /// @param counted messages after which it ends, 0: it ends after a time
    Measured run(Target target, int mostSeconds, int counted, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(java, "-Xmx768m", "-XX:+UseSerialGC"));
        command.addAll(List.of("-Djava.net.preferIPv4Stack=true", "-cp", classpath));
        command.add("com.rabbitmq.perf.PerfTest");
        command.addAll(List.of("--uri", target.uri()));
        command.addAll(List.of("--queue-args", "x-queue-type=" + target.queueType()));
        command.addAll(List.of("--flag", "persistent", "--auto-delete", "false"));
        command.addAll(List.of("--disable-connection-recovery"));
        command.addAll(arguments);
        Usage before = target.server().usage();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // It prints a line each second: nothing that fills a pipe before it is read.
        Thread end = Thread.ofVirtual().start(() -> endAfter(process, mostSeconds));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        end.interrupt();
        Usage used = target.server().usage().minus(before);
        if (process.exitValue() != 0) {
            throw new IOException("PerfTest on " + target.name() + " failed:\n" + said);
        }
        return Measured.of(said, counted, used, target.server().residentKiB());
    }

    private static void endAfter(Process process, int seconds) {
        try {
            if (!process.waitFor(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
