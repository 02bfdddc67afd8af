package io.mainstay.demo;

import io.mainstay.testkit.StockService;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The shop's instances, each a Spring Cloud application in a JVM of its own.
final class Shop implements AutoCloseable {
    private final Clients clients;
    private final Registry registry;
    private final Path logs;
    private final List<StockService> services = new ArrayList<>();

    Shop(Clients clients, Registry registry, Path logs) {
        this.clients = clients;
        this.registry = registry;
        this.logs = logs;
    }

    Clients clients() {
        return clients;
    }

    Books books() {
        return new Books(Clients.books(logs));
    }

    StockService launch(String name) {
        StockService service = clients.launcher().launch(registry, logs, name);
        services.add(service);
        return service;
    }

    /// The instances that run, in the order of their start.
    List<StockService> running() {
        return services.stream().filter(service -> service.process().alive()).toList();
    }

    @Override
    public void close() {
        // All at once: a service says good-bye to the registry and that takes it a moment.
        List<Thread> closing = new ArrayList<>();
        for (StockService service : running()) {
            closing.add(Thread.ofVirtual().start(service::close));
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
