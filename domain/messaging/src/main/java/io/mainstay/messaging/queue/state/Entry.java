package io.mainstay.messaging.queue.state;

/// What a queue keeps of one message.
///
/// @param address and
/// @param bytes of the message in the bodies of the group; of one with a [large][#isLarge] body only what is in front of it
/// @param timeMs when it came to the queue
/// @param expiresMs when it goes by its own time to live, -1: never
public record Entry(long address, int bytes, int bodyBytes, long timeMs, long expiresMs) {

    /// The body came as chunks and lies elsewhere.
    public boolean isLarge() {
        return bodyBytes > bytes;
    }
}
