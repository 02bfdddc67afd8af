package io.mainstay.bench.amqp;

import io.mainstay.bench.registry.ProcessUse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A node of ours that is stopped, killed and started again with the same data.
final class RestartedNode implements AutoCloseable {

    private final Programs programs;
    private final Path folder;
    private MainstayNode node;
    private Start lastStart;

    /// How long a start took, and what it cost.
    ///
    /// @param seconds from the start of the process until clients are served
    /// @param cpuSeconds of the process until then
    record Start(double seconds, double cpuSeconds) {

        @Override
        public String toString() {
            return "ready in %.2f s, %.2f CPU-s".formatted(seconds, cpuSeconds);
        }
    }

    RestartedNode(Programs programs, Path folder) throws IOException, InterruptedException {
        this.programs = programs;
        this.folder = folder;
        long begun = System.nanoTime();
        this.node = MainstayNode.start(programs, folder);
        this.lastStart = took(begun);
    }

    private Start took(long begun) throws IOException {
        return new Start((System.nanoTime() - begun) / 1e9, node.cpuSeconds());
    }

    Start lastStart() {
        return lastStart;
    }

    String heap() {
        return programs.heap();
    }

    int port() {
        return node.port();
    }

    double cpuSeconds() throws IOException {
        return node.cpuSeconds();
    }

    long residentKiB() throws IOException {
        return node.residentKiB();
    }

    /// Live bytes on its heap.
    long heapBytes() throws IOException, InterruptedException {
        return ProcessUse.heapBytesAfterCollection(programs.java(), node.process().pid());
    }

    long diskBytes() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /// Ends it and starts it again.
    ///
    /// @param kill as the kernel does it, without a word
    Start restart(boolean kill) throws IOException, InterruptedException {
        if (kill) {
            node.process().destroyForcibly();
        } else {
            node.process().destroy();
        }
        if (!node.process().waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("the node does not end; its folder: " + folder);
        }
        long begun = System.nanoTime();
        node = MainstayNode.start(programs, folder);
        lastStart = took(begun);
        return lastStart;
    }

    @Override
    public void close() {
        node.close();
    }
}
