package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.AccessLimits;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.UserSecret;
import io.mainstay.access.api.UserTags;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyView;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What happens when a user is made here while there are none: `guest`, who was there without being kept, becomes one of them first, so that whoever
/// works with guest/guest goes on until somebody removes it, as at RabbitMQ.
final class FirstUser {

    private static final Logger LOG = LoggerFactory.getLogger(FirstUser.class);
    private static final String DEFAULT_VHOST = "/";
    private static final String ALL = ".*";

    private FirstUser() {}

    /// Completes with [AccessOutcome.Done] when other users may be made.
    static CompletableFuture<AccessOutcome> keepGuest(Services services) {
        Access access = services.access();
        if (access.required()) {
            return CompletableFuture.completedFuture(new AccessOutcome.Done(access.revision()));
        }
        announce(services);
        LOG.info(
                "{} with the password {} becomes a user: an administrator, from this machine only, until it is removed",
                AccessLimits.GUEST,
                AccessLimits.GUEST);
        CompletableFuture<AccessOutcome> made = new CompletableFuture<>();
        access.putTaggedUser(
                AccessLimits.GUEST,
                List.of(UserTags.ADMINISTRATOR),
                new UserSecret.Password(AccessLimits.GUEST),
                made::complete);
        return made.thenCompose(
                outcome ->
                        outcome instanceof AccessOutcome.Done
                                ? permission(services).thenApply(granted -> outcome)
                                : CompletableFuture.completedFuture(outcome));
    }

    /// Clients that came without credentials so far want to know why they are refused.
    static void announce(Services services) {
        if (!services.access().required()) {
            LOG.warn(
                    "The first user is made in RabbitMQ's way: from now on every port of this node asks for credentials");
        }
    }

    private static CompletableFuture<TopologyOutcome> permission(Services services) {
        TopologyView view = services.view();
        return view.vhost(DEFAULT_VHOST) == null
                        || view.permission(AccessLimits.GUEST, DEFAULT_VHOST) != null
                ? CompletableFuture.completedFuture(TopologyOutcome.Done.UNCHANGED)
                : services.messaging()
                        .topology()
                        .change(
                                new TopologyChange.PutPermission(
                                        AccessLimits.GUEST, DEFAULT_VHOST, ALL, ALL, ALL));
    }
}
