package io.mainstay.messaging.api;

import org.jspecify.annotations.Nullable;

/// What may be limited in a virtual host, in RabbitMQ's words. A number below 0 is no limit.
public enum VhostLimit {
    /// Connections to it, of the whole cluster.
    MAX_CONNECTIONS("max-connections"),

    /// Queues in it, exclusive ones among them.
    MAX_QUEUES("max-queues");

    private final String word;

    VhostLimit(String word) {
        this.word = word;
    }

    /// As RabbitMQ writes it.
    public String word() {
        return word;
    }

    /// `null` if RabbitMQ has no such limit.
    public static @Nullable VhostLimit of(String word) {
        for (VhostLimit limit : values()) {
            if (limit.word.equals(word)) {
                return limit;
            }
        }
        return null;
    }
}
