package io.mainstay.it;

import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.StartCache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The program as a person runs it: one command in a process of its own, to its end.
record Program(Path folder) {
    private static final long PATIENCE_SECONDS = 120;

    /// @param out standard output; `err` standard error
    record Ended(int exitCode, String out, String err) {

        /// What stands behind `label: ` on a line of the output.
        String after(String label) {
            return out.lines()
                    .filter(line -> line.startsWith(label))
                    .map(line -> line.substring(label.length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no '" + label + "' in " + this));
        }
    }

    Ended run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        List<String> line = new ArrayList<>();
        line.add(JavaProcess.sameJava().toString());
        line.addAll(StartCache.flags());
        line.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        JavaProcess.sameClasspath(),
                        "io.mainstay.server.Main"));
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MAINSTAY_"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "did not end: " + List.of(arguments) + "\n" + Files.readString(err));
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
