package io.mainstay.spring;

import io.mainstay.client.MainstayClient;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Names of the services that have instances. While no node answers, those that were known last. Thread-safe.
final class ServiceCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceCatalog.class);

    private static final long ANSWER_MS = 2_000;

    private final MainstayClient client;
    private final Runnable whenChanged;
    private volatile List<String> known = List.of();

    ServiceCatalog(MainstayClient client, Runnable whenChanged) {
        this.client = client;
        this.whenChanged = whenChanged;
    }

    /// Asks a node, and blocks until it has answered or 2 s are over.
    List<String> names() {
        try {
            List<String> names = client.services().get(ANSWER_MS, TimeUnit.MILLISECONDS);
            boolean changed = !names.equals(known);
            known = names;
            if (changed) {
                whenChanged.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The names of services are those known before: {}", e.toString());
        }
        return known;
    }
}
