package io.mainstay.demo;

import io.mainstay.testkit.StockService;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The shop's instances, each a stock Spring Cloud application in a JVM of its own.
final class Shop implements AutoCloseable {
    private final Path java;
    private final Path target;
    private final Path logs;
    private final String eurekaUrl;
    private final List<StockService> services = new ArrayList<>();

    /// @param target build folder of the module `examples/demo-service`
    Shop(Path java, Path target, Path logs, String eurekaUrl) {
        this.java = java;
        this.target = target;
        this.logs = logs;
        this.eurekaUrl = eurekaUrl;
    }

    StockService launch(String name) {
        StockService service = StockService.launch(java, target, logs, name, eurekaUrl);
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
