package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.UserTags;
import io.mainstay.head.web.RateBook;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.service.MessagingTotals;
import io.mainstay.platform.Clock;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Definitions in RabbitMQ's form, for who does not come through RabbitMQ's port. Who may do that is the caller's business.
public final class RabbitDefinitions {

    private final Services services;

    private RabbitDefinitions(Services services) {
        this.services = services;
    }

    public static RabbitDefinitions of(
            RabbitHeadConfig config, Messaging messaging, Access access, Clock clock) {
        MessagingTotals totals = new MessagingTotals(messaging);
        return new RabbitDefinitions(
                new Services(
                        config,
                        messaging,
                        access,
                        () -> "",
                        clock,
                        totals,
                        new RateBook(clock),
                        RabbitMetrics.of(config, messaging, totals)));
    }

    /// Everything, as maps, lists, texts, numbers and booleans. Hashes of passwords are in it.
    public Map<String, @Nullable Object> export() {
        return DefinitionsExport.all(services);
    }

    /// Takes definitions in; see the page on RabbitMQ's management API.
    ///
    /// @param json the file
    /// @param user who does it, for the audit log
    /// @param loop goes on with the work
    public CompletableFuture<Loaded> load(byte[] json, String user, Executor loop) {
        try {
            return DefinitionsImport.run(
                            services,
                            new Caller(user, List.of(UserTags.ADMINISTRATOR)),
                            loop,
                            Body.parse(json),
                            null)
                    .thenApply(
                            result -> {
                                result.log();
                                return new Loaded(
                                        result.items(), result.notes(), result.failures(), "");
                            });
        } catch (RefusedException unreadable) {
            return CompletableFuture.completedFuture(
                    new Loaded(0, List.of(), List.of(), unreadable.reason()));
        }
    }

    /// @param items how many there were
    /// @param leftOut sentences on what has no counterpart here
    /// @param refused sentences on what was refused; the others are in
    /// @param unreadable what is wrong with the file, empty: nothing; nothing was changed otherwise
    public record Loaded(
            int items, List<String> leftOut, List<String> refused, String unreadable) {}
}
