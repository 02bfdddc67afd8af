package io.mainstay.demo;

import io.mainstay.testkit.StockService;

import java.nio.file.Path;

/// With which client library the shop's services find each other. The services are the same.
///
/// @param shown for people
/// @param death what tells the registry that a process was killed
/// @param launcher starts a service
record Clients(String shown, String death, Launcher launcher) {

    /// Starts one instance of the part `name` on a registry; returns at once.
    @FunctionalInterface
    interface Launcher {
        StockService launch(Registry registry, Path logs, String name);
    }

    /// @param target build folder of `examples/demo-service`
    static Clients eureka(Path java, Path target) {
        return new Clients(
                "the stock Eureka starter",
                "only its lease of 3 s can tell",
                (registry, logs, name) ->
                        StockService.launch(
                                java,
                                target,
                                logs,
                                name,
                                registry.eurekaUrl(),
                                queue(registry, logs)));
    }

    /// @param target build folder of `examples/demo-service-streaming`
    static Clients streaming(Path java, Path target) {
        return new Clients(
                "Mainstay's starter",
                "its connection tells, after a grace of 2 s",
                (registry, logs, name) ->
                        StockService.launchStreaming(
                                java,
                                target,
                                logs,
                                name,
                                registry.streamingPort(),
                                queue(registry, logs)));
    }

    /// Where the shop's instances note what they have done.
    static Path books(Path logs) {
        return logs.resolve("books");
    }

    private static String[] queue(Registry registry, Path logs) {
        return registry.amqpPort() == 0
                ? new String[0]
                : new String[] {
                    "--spring.profiles.active=queue",
                    "--spring.rabbitmq.port=" + registry.amqpPort(),
                    "--shop.books=" + books(logs)
                };
    }
}
