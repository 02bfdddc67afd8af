package io.mainstay.kernel.group;

import org.apache.kafka.raft.ExpirationService;

import java.util.concurrent.CompletableFuture;

/// The engine asks for expiry of parked fetches and of its own commit waits (with the largest time there is). With one voter nobody
/// parks a fetch.
final class NeverExpires implements ExpirationService {

    @Override
    public <T> CompletableFuture<T> failAfter(long timeoutMs) {
        return new CompletableFuture<>();
    }
}
