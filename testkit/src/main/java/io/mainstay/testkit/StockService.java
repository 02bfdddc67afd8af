package io.mainstay.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One instance of the shop of `examples/demo-service`: a stock Spring Cloud application in a JVM of its own.
public final class StockService implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);
    private static final List<String> FLAGS =
            List.of(
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Djava.net.preferIPv4Stack=true");

    private static final Pattern SIGHTING =
            Pattern.compile(
                    "\\{\"atMs\":(\\d+),\"service\":\"([^\"]+)\",\"instance\":\"[^\"]+(:\\d+)\","
                            + "\"present\":(true|false)\\}");

    private final String name;
    private final int port;
    private final JavaProcess process;

    private StockService(String name, int port, JavaProcess process) {
        this.name = name;
        this.port = port;
        this.process = process;
    }

    /// This client saw an instance come (`present`) or go.
    ///
    /// @param atMs Unix time of the fetch
    /// @param id as registered
    public record Sighting(long atMs, String id, boolean present) {}

    /// Starts it; returns at once.
    ///
    /// @param target build folder of the module `examples/demo-service`
    /// @param name the part it plays: order, inventory, payment or notification
    /// @param more further arguments of the application
    public static StockService launch(
            Path java, Path target, Path logs, String name, String eurekaUrl, String... more) {
        return launch(
                java,
                target,
                logs,
                name,
                List.of("--eureka.client.service-url.defaultZone=" + eurekaUrl),
                List.of(more));
    }

    /// As [#launch], with our starter in place of Eureka's.
    ///
    /// @param target build folder of `examples/demo-service-streaming`, or of the older line
    /// @param grpcPort of a node on loopback
    public static StockService launchStreaming(
            Path java, Path target, Path logs, String name, int grpcPort, String... more) {
        return launch(
                java,
                target,
                logs,
                name,
                List.of(
                        "--mainstay.client.addresses=127.0.0.1:" + grpcPort,
                        // Else the host's own name and address; the server listens on loopback
                        // only.
                        "--mainstay.discovery.hostname=127.0.0.1",
                        "--mainstay.discovery.instance-id=${spring.application.name}:${server.port}",
                        // So that an instance of a service that is new to it is seen soon.
                        "--mainstay.discovery.catalog-interval=500ms"),
                List.of(more));
    }

    private static StockService launch(
            Path java,
            Path target,
            Path logs,
            String name,
            List<String> registry,
            List<String> more) {
        int port = HeldPorts.take();
        List<String> arguments = new ArrayList<>();
        arguments.add("--spring.application.name=" + name);
        arguments.add("--server.port=" + port);
        arguments.addAll(registry);
        arguments.addAll(more);
        return new StockService(
                name,
                port,
                JavaProcess.start(
                        new JavaProcess.Command(
                                name + ":" + port,
                                java,
                                FLAGS,
                                JavaProcess.classpathOf(target),
                                "io.mainstay.demo.service.DemoService",
                                arguments,
                                logs.resolve(name + "-" + port + ".log"))));
    }

    /// As registered: `notification:4711`.
    public String id() {
        return name + ":" + port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public JavaProcess process() {
        return process;
    }

    /// Waits until it answers.
    public void awaitStarted() {
        Conditions.await(
                id() + " to answer",
                START,
                () -> {
                    if (!process.alive()) {
                        throw new AssertionError(id() + " ended:\n" + process.log());
                    }
                    return Http.get(url() + "/sightings").status() == 200;
                });
    }

    /// What this instance saw of the others, oldest first.
    public List<Sighting> sightings() throws IOException, InterruptedException {
        List<Sighting> seen = new ArrayList<>();
        Matcher matcher = SIGHTING.matcher(Http.get(url() + "/sightings").body());
        while (matcher.find()) {
            seen.add(
                    new Sighting(
                            Long.parseLong(matcher.group(1)),
                            matcher.group(2) + matcher.group(3),
                            matcher.group(4).equals("true")));
        }
        return seen;
    }

    /// Ids of the instances that it would call now.
    public Set<String> sees() throws IOException, InterruptedException {
        Set<String> now = new TreeSet<>();
        for (Sighting sighting : sightings()) {
            if (sighting.present()) {
                now.add(sighting.id());
            } else {
                now.remove(sighting.id());
            }
        }
        return now;
    }

    @Override
    public void close() {
        process.close();
    }
}
