package io.mainstay.messaging.api;

import org.jspecify.annotations.Nullable;

/// What may be limited of a user, in RabbitMQ's words. A number below 0 is no limit.
public enum UserLimit {
    /// Connections in all virtual hosts.
    MAX_CONNECTIONS("max-connections"),

    /// Channels of all connections together.
    MAX_CHANNELS("max-channels");

    private final String word;

    UserLimit(String word) {
        this.word = word;
    }

    /// As RabbitMQ writes it.
    public String word() {
        return word;
    }

    /// `null` if RabbitMQ has no such limit.
    public static @Nullable UserLimit of(String word) {
        for (UserLimit limit : values()) {
            if (limit.word.equals(word)) {
                return limit;
            }
        }
        return null;
    }
}
