package io.mainstay.head.grpc;

import io.mainstay.platform.Clock;

import java.util.concurrent.ConcurrentHashMap;

/// Streams that have not said hello. Thread-safe.
final class PendingHellos {

    private final Clock clock;
    private final ConcurrentHashMap<RegistryStream, Long> since = new ConcurrentHashMap<>();

    PendingHellos(Clock clock) {
        this.clock = clock;
    }

    void opened(RegistryStream stream) {
        since.put(stream, clock.nanoTime());
    }

    void said(RegistryStream stream) {
        since.remove(stream);
    }

    /// Ends those that took too long.
    void tick() {
        long now = clock.nanoTime();
        since.forEach(
                (stream, opened) -> {
                    if (now - opened > GrpcLimits.HELLO_MS * 1_000_000L
                            && since.remove(stream, opened)) {
                        stream.tooSlow();
                    }
                });
    }
}
