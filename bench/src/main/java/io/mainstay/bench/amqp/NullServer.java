package io.mainstay.bench.amqp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// [NullBroker] in a process of its own, with the collector and the heap of a node.
record NullServer(int port, Process process) implements Server {

    static NullServer start(String java, String heap, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>();
        command.addAll(MainstayNode.jvm(java, heap));
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        NullBroker.class.getName(),
                        folder.toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(folder.resolve("null.log").toFile())
                        .start();
        BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String port = said.readLine();
        if (port == null) {
            process.destroyForcibly();
            throw new IOException("the null broker did not start; its log is in " + folder);
        }
        return new NullServer(Integer.parseInt(port), process);
    }

    @Override
    public void close() {
        Server.end(process);
    }
}
