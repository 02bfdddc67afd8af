package io.mainstay.messaging.queue.simulation;

import io.mainstay.messaging.api.QueueView;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Somebody who always consumes from a queue, as long as that is there: his connections come and go.
final class Consumer {

    private static final long MS = 1_000_000;

    private final QueueWorkload workload;
    private final QueueView queue;
    private final RandomGenerator random;
    private final Supplier<@Nullable SimBroker> broker;
    private @Nullable Subscription present;

    /// @param broker where to go
    Consumer(
            QueueWorkload workload,
            QueueView queue,
            RandomGenerator random,
            Supplier<@Nullable SimBroker> broker) {
        this.workload = workload;
        this.queue = queue;
        this.random = random;
        this.broker = broker;
    }

    /// Looks after his connection from now on.
    void look() {
        if (workload.topology().isGone(queue.id())) {
            return;
        }
        Subscription subscription = present;
        if (subscription == null || subscription.isOver()) {
            SimBroker at = broker.get();
            if (at != null) {
                present = new Subscription(workload, at, queue, random);
            }
        } else if (!workload.isHealed() && random.nextInt(30) == 0) {
            subscription.close();
        }
        workload.in((20 + random.nextInt(80)) * MS, this::look);
    }
}
