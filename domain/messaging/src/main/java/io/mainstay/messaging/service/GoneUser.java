package io.mainstay.messaging.service;

import io.mainstay.messaging.api.Topology;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Permissions and limits go with their user: a later one of that name must not inherit them.
public final class GoneUser {

    private GoneUser() {}

    /// Takes everything that the topology has under the name of a user who is removed. Asking again changes nothing.
    ///
    /// @return done when all of it is answered
    public static CompletableFuture<Void> forget(Topology topology, String user) {
        return CompletableFuture.allOf(
                changes(topology.view(), user).stream()
                        .map(topology::change)
                        .toArray(CompletableFuture[]::new));
    }

    private static List<TopologyChange> changes(TopologyView view, String user) {
        List<TopologyChange> changes = new ArrayList<>();
        view.permissions().stream()
                .filter(p -> p.user().equals(user))
                .forEach(p -> changes.add(new TopologyChange.DeletePermission(user, p.vhost())));
        // All exchanges of a virtual host in one step.
        view.topicPermissions().stream()
                .filter(p -> p.user().equals(user))
                .map(TopologyView.TopicPermissionView::vhost)
                .distinct()
                .forEach(
                        vhost ->
                                changes.add(
                                        new TopologyChange.DeleteTopicPermission(user, vhost, "")));
        view.userLimits()
                .getOrDefault(user, Map.of())
                .keySet()
                .forEach(limit -> changes.add(new TopologyChange.DeleteUserLimit(user, limit)));
        return changes;
    }
}
