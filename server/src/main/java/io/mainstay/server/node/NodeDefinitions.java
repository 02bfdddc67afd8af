package io.mainstay.server.node;

import io.mainstay.head.http.Definitions;
import io.mainstay.head.rabbitmq.RabbitDefinitions;
import io.mainstay.head.rabbitmq.RabbitHeadConfig;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Lets the admin API give and take definitions in the form that the head of RabbitMQ's management API knows.
record NodeDefinitions(RabbitDefinitions definitions) implements Definitions {

    static NodeDefinitions of(RabbitHeadConfig config, Core core) {
        return new NodeDefinitions(
                RabbitDefinitions.of(
                        config, core.messaging(), core.access(), core.platform().clock()));
    }

    @Override
    public Map<String, @Nullable Object> export() {
        return definitions.export();
    }

    @Override
    public CompletableFuture<Loaded> load(byte[] json, String user, Executor loop) {
        return definitions
                .load(json, user, loop)
                .thenApply(
                        loaded ->
                                new Loaded(
                                        loaded.items(),
                                        loaded.leftOut(),
                                        loaded.refused(),
                                        loaded.unreadable()));
    }
}
