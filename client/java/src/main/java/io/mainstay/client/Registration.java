package io.mainstay.client;

import java.util.concurrent.CompletableFuture;

/// An instance that this client keeps registered for as long as it lives: over lost connections, restarts of the node and lost
/// leases. Thread-safe.
public interface Registration extends AutoCloseable {

    /// What is wanted to be registered.
    Instance instance();

    /// Registers it otherwise.
    ///
    /// @param other with the same service and instance id
    /// @return as [#acknowledged()] afterwards
    CompletableFuture<Void> update(Instance other);

    default CompletableFuture<Void> status(InstanceStatus status) {
        return update(instance().withStatus(status));
    }

    /// Done when a node said that what is wanted now is durable and visible; fails with [RefusedException] if it cannot be taken.
    /// While no node answers it waits.
    CompletableFuture<Void> acknowledged();

    /// Whether a node has it as it is wanted, by what is known now.
    boolean registered();

    /// Takes it out of the registry; done when a node said so.
    CompletableFuture<Void> cancel();

    /// Cancels and does not wait. Idempotent.
    @Override
    void close();
}
