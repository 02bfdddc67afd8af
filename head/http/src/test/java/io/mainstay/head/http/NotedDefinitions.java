package io.mainstay.head.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Notes what it is given.
final class NotedDefinitions implements Definitions {

    @Nullable String loaded;
    @Nullable String user;

    @Override
    public Map<String, @Nullable Object> export() {
        return Map.of("users", List.of());
    }

    @Override
    public CompletableFuture<Loaded> load(byte[] json, String by, Executor loop) {
        loaded = new String(json, StandardCharsets.UTF_8);
        user = by;
        return CompletableFuture.supplyAsync(
                () ->
                        json.length == 0
                                ? new Loaded(0, List.of(), List.of(), "it is empty")
                                : new Loaded(3, List.of("a limit"), List.of(), ""),
                loop);
    }
}
