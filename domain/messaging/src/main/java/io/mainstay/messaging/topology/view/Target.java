package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.QueueView;

/// Where a binding leads.
public sealed interface Target {

    /// Equal for what is the same destination.
    Object key();

    record ToQueue(QueueView queue) implements Target {
        @Override
        public Object key() {
            return queue.id();
        }
    }

    record ToExchange(String name) implements Target {
        @Override
        public Object key() {
            return name;
        }
    }
}
