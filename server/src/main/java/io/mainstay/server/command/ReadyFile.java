package io.mainstay.server.command;

import io.mainstay.cli.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/// Tells scripts that a node is ready and where it listens: one JSON object, head to URL. Appears whole or not at all.
final class ReadyFile {

    private ReadyFile() {}

    static void write(Path file, Map<String, String> addresses) throws IOException {
        Path target = file.toAbsolutePath();
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path half = target.resolveSibling(target.getFileName() + ".new");
        Files.writeString(half, Json.write(addresses) + "\n");
        Files.move(
                half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
