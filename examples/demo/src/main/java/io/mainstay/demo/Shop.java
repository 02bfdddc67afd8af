package io.mainstay.demo;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.EurekaServerProcess;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.JavaProcess;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The shop's services, each a stock Spring Cloud application in a JVM of its own.
final class Shop implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);
    private static final List<String> FLAGS =
            List.of(
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xshare:auto",
                    "-Djava.net.preferIPv4Stack=true");

    private static final Pattern SIGHTING =
            Pattern.compile(
                    "\\{\"atMs\":(\\d+),\"service\":\"([^\"]+)\",\"instance\":\"([^\"]+)\","
                            + "\"present\":(true|false)\\}");

    private final Path java;
    private final Path target;
    private final Path logs;
    private final String eurekaUrl;
    private final List<Service> services = new ArrayList<>();

    /// @param target build folder of the module `examples/demo-service`
    Shop(Path java, Path target, Path logs, String eurekaUrl) {
        this.java = java;
        this.target = target;
        this.logs = logs;
        this.eurekaUrl = eurekaUrl;
    }

    /// One instance.
    record Service(String name, int port, JavaProcess process) {
        /// As registered: `notification:4711`.
        String id() {
            return name + ":" + port;
        }

        String url() {
            return "http://127.0.0.1:" + port;
        }

        /// What this instance saw of the others, oldest first.
        List<Sighting> sightings() throws IOException, InterruptedException {
            Http.Answer answer = Http.get(url() + "/sightings");
            List<Sighting> seen = new ArrayList<>();
            Matcher matcher = SIGHTING.matcher(answer.body());
            while (matcher.find()) {
                seen.add(
                        new Sighting(
                                Long.parseLong(matcher.group(1)),
                                matcher.group(2)
                                        + matcher.group(3)
                                                .substring(matcher.group(3).lastIndexOf(':')),
                                matcher.group(4).equals("true")));
            }
            return seen;
        }
    }

    /// A client saw an instance come (`present`) or go.
    record Sighting(long atMs, String id, boolean present) {}

    Service launch(String name) {
        int port = EurekaServerProcess.freePort();
        JavaProcess process =
                JavaProcess.start(
                        new JavaProcess.Command(
                                name + ":" + port,
                                java,
                                FLAGS,
                                JavaProcess.classpathOf(target),
                                "io.mainstay.demo.service.DemoService",
                                List.of(
                                        "--spring.application.name=" + name,
                                        "--server.port=" + port,
                                        "--eureka.client.service-url.defaultZone=" + eurekaUrl),
                                logs.resolve(name + "-" + port + ".log")));
        Service service = new Service(name, port, process);
        services.add(service);
        return service;
    }

    /// Waits until it answers.
    void awaitStarted(Service service) {
        Conditions.await(
                service.id() + " to answer",
                START,
                () -> {
                    if (!service.process().alive()) {
                        throw new AssertionError(
                                service.id() + " ended:\n" + service.process().log());
                    }
                    return Http.get(service.url() + "/sightings").status() == 200;
                });
    }

    /// The instances that run, in the order of their start.
    List<Service> running() {
        return services.stream().filter(service -> service.process().alive()).toList();
    }

    @Override
    public void close() {
        // All at once: a service says good-bye to the registry and that takes it a moment.
        List<Thread> closing = new ArrayList<>();
        for (Service service : running()) {
            closing.add(Thread.ofVirtual().start(() -> service.process().close()));
        }
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
