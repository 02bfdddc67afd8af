package io.mainstay.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the shop's instances have entered in their common folder, read from outside.
record Books(Path folder) {
    /// Numbers of the orders of which `what` is entered: `paid`, `notified`, or what came again: `redelivered`, and
    /// `recognised` as paid already.
    Set<Long> entered(String what) throws IOException {
        Set<Long> orders = new TreeSet<>();
        Path entries = folder.resolve(what);
        if (Files.exists(entries)) {
            try (Stream<Path> files = Files.list(entries)) {
                files.forEach(file -> orders.add(Long.valueOf(file.getFileName().toString())));
            }
        }
        return orders;
    }
}
