package io.mainstay.messaging.api;

import org.jspecify.annotations.Nullable;

/// How a queue behaves. `NONE` (-1) means that there is no such limit.
///
/// @param messageTtlMs a message that was not consumed goes after so long
/// @param expiresMs the queue goes after so long without use
/// @param maxLength messages that may be ready
/// @param maxBytes body bytes that may be ready
/// @param deadLetterExchange where rejected, expired and surplus messages go; `null`: nowhere
/// @param deadLetterRoutingKey `null`: the message's own keys
/// @param maxPriority 0: no priorities; otherwise higher priorities of messages count as this one
/// @param deliveryLimit deliveries that may fail before the message is dead
/// @param maxAgeMs of a stream: older messages go
/// @param consumerTimeoutMs a consumer that does not settle a delivery within so long loses it; 0: never, less: as the node is set
public record QueueSettings(
        long messageTtlMs,
        long expiresMs,
        long maxLength,
        long maxBytes,
        Overflow overflow,
        @Nullable String deadLetterExchange,
        @Nullable String deadLetterRoutingKey,
        int maxPriority,
        boolean singleActiveConsumer,
        long deliveryLimit,
        long maxAgeMs,
        long consumerTimeoutMs) {

    public static final long NONE = -1;

    public static final QueueSettings DEFAULT =
            new QueueSettings(
                    NONE,
                    NONE,
                    NONE,
                    NONE,
                    Overflow.DROP_HEAD,
                    null,
                    null,
                    0,
                    false,
                    NONE,
                    NONE,
                    NONE);

    /// What happens to a message that would exceed `maxLength` or `maxBytes`.
    public enum Overflow {
        /// The oldest ready messages go.
        DROP_HEAD,
        /// The new one is refused: its publisher gets a nack.
        REJECT_PUBLISH,
        /// As above, and it is dead-lettered.
        REJECT_PUBLISH_DLX
    }
}
