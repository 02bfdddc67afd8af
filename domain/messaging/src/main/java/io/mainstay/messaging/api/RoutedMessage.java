package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// A message that is being routed: its headers, and what an exchange with the argument `hash-property` looks at.
public interface RoutedMessage extends Supplier<FieldTable> {

    /// @param name `message_id`, `correlation_id` or `timestamp` (seconds, as text)
    /// @return `null` if the message has none
    @Nullable String property(String name);
}
