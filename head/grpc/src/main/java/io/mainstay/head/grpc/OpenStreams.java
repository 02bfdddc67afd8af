package io.mainstay.head.grpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Streams that were let in. Thread-safe.
final class OpenStreams {

    private final Set<RegistryStream> streams = ConcurrentHashMap.newKeySet();

    void entered(RegistryStream stream) {
        streams.add(stream);
    }

    void left(RegistryStream stream) {
        streams.remove(stream);
    }

    int count() {
        return streams.size();
    }

    /// Has each ask whether it would be let in again, which is the comparison of a number unless users have changed.
    void tick() {
        streams.forEach(RegistryStream::askAgain);
    }
}
