package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The topology at one moment. What did not change since an earlier moment is the same objects.
public final class PublishedTopology implements TopologyView {

    private final long revision;
    private final PersistentMap<String, PublishedVhost> vhosts;
    private final PersistentMap<Long, QueueView> queues;
    private final Permissions permissions;
    private final Map<String, Map<UserLimit, Long>> userLimits;

    /// @param userLimits unmodifiable, sorted
    public PublishedTopology(
            long revision,
            PersistentMap<String, PublishedVhost> vhosts,
            PersistentMap<Long, QueueView> queues,
            Permissions permissions,
            Map<String, Map<UserLimit, Long>> userLimits) {
        this.revision = revision;
        this.vhosts = vhosts;
        this.queues = queues;
        this.permissions = permissions;
        this.userLimits = userLimits;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public @Nullable VhostView vhost(String name) {
        return vhosts.get(name);
    }

    @Override
    public Collection<VhostView> vhosts() {
        List<VhostView> sorted = List.copyOf(vhosts.values());
        return sorted.stream().sorted(Comparator.comparing(VhostView::name)).toList();
    }

    @Override
    public @Nullable QueueView queue(long id) {
        return queues.get(id);
    }

    @Override
    public Map<String, Map<UserLimit, Long>> userLimits() {
        return userLimits;
    }

    @Override
    public Collection<PermissionView> permissions() {
        return permissions.permissions();
    }

    @Override
    public @Nullable PermissionView permission(String user, String vhost) {
        return permissions.permission(user, vhost);
    }

    @Override
    public Collection<TopicPermissionView> topicPermissions() {
        return permissions.topicPermissions();
    }

    @Override
    public boolean may(String user, String vhost, Operation operation, String resource) {
        return permissions.may(user, vhost, operation, resource);
    }

    @Override
    public boolean mayTopic(
            String user, String vhost, String exchange, Operation operation, String routingKey) {
        return permissions.mayTopic(user, vhost, exchange, operation, routingKey);
    }
}
