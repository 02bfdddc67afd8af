package io.mainstay.messaging.api;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;

/// The topology at one moment. Immutable.
public interface TopologyView {

    /// Raft offset of the last change in it.
    long revision();

    @Nullable VhostView vhost(String name);

    /// Sorted by name.
    Collection<VhostView> vhosts();

    /// The queue of that incarnation, or `null` if it is gone.
    @Nullable QueueView queue(long id);

    /// Every user's permissions.
    Collection<PermissionView> permissions();

    @Nullable PermissionView permission(String user, String vhost);

    Collection<TopicPermissionView> topicPermissions();

    /// Whether the patterns allow it. Users without a permission in the vhost may nothing.
    boolean may(String user, String vhost, Operation operation, String resource);

    /// Topic permissions restrict further, and only where one is set for user, vhost and exchange.
    ///
    /// @param operation [Operation#WRITE] for publishing, [Operation#READ] for binding
    boolean mayTopic(
            String user, String vhost, String exchange, Operation operation, String routingKey);

    /// Of each user that has some, sorted by name: those that were set, in the order of the enum; below 0: no limit.
    Map<String, Map<UserLimit, Long>> userLimits();

    /// How many the user may have; [Long#MAX_VALUE] without a limit.
    default long most(String user, UserLimit limit) {
        long set = userLimits().getOrDefault(user, Map.of()).getOrDefault(limit, -1L);
        return set < 0 ? Long.MAX_VALUE : set;
    }

    enum Operation {
        CONFIGURE,
        WRITE,
        READ
    }

    record PermissionView(String user, String vhost, String configure, String write, String read) {}

    record TopicPermissionView(
            String user, String vhost, String exchange, String write, String read) {}
}
