package io.mainstay.server.command;

import io.mainstay.server.config.ConfigException;
import io.mainstay.server.config.ConfigLoader;
import io.mainstay.server.config.Head;
import io.mainstay.server.config.NodeConfig;
import io.mainstay.server.node.Logs;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Touches the classes of the usual commands and of a node while the cache of loaded classes is recorded.
final class WarmUp {

    private WarmUp() {}

    static void run(CommandSpec root, NodeStarter starter) {
        try {
            Path directory = Files.createTempDirectory("mainstay-warm-up");
            Logs.configure(false, "INFO");
            try (StartedNode node = starter.start(configured(directory))) {
                commands(root.commandLine(), Objects.requireNonNull(node.addresses().get("http")));
            } finally {
                remove(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void commands(CommandLine line, String server) {
        PrintWriter out = line.getOut();
        PrintWriter err = line.getErr();
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        line.setOut(nowhere).setErr(nowhere);
        line.execute("--help");
        line.execute("status", "--server", server);
        line.execute("registry", "services", "--server", server);
        line.execute("user", "list", "--server", server);
        line.execute("config", "show", "--effective");
        line.setOut(out).setErr(err);
    }

    /// A node that is in nobody's way.
    private static NodeConfig configured(Path directory) {
        Map<String, String> flags = new HashMap<>();
        flags.put("data.dir", directory.toString());
        flags.put("journal.segment-bytes", "16MiB");
        for (Head head : Head.values()) {
            flags.put(head.id() + ".port", "0");
        }
        try {
            return ConfigLoader.load(null, flags, Map.of());
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
