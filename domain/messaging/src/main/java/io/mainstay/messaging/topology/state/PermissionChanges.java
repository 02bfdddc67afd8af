package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.TopologyChange.DeletePermission;
import io.mainstay.messaging.api.TopologyChange.DeleteTopicPermission;
import io.mainstay.messaging.api.TopologyChange.PutPermission;
import io.mainstay.messaging.api.TopologyChange.PutTopicPermission;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyView.PermissionView;
import io.mainstay.messaging.api.TopologyView.TopicPermissionView;
import io.mainstay.messaging.topology.rules.TopologyLimits;
import io.mainstay.messaging.topology.state.TopologyState.PermissionKey;
import io.mainstay.messaging.topology.state.TopologyState.TopicPermissionKey;

import java.util.TreeMap;

/// What changes of permissions do. That the user exists is not asked: users belong to another domain.
final class PermissionChanges {

    private final TopologyState state;

    PermissionChanges(TopologyState state) {
        this.state = state;
    }

    TopologyOutcome put(PutPermission wish) {
        PermissionView permission =
                new PermissionView(
                        wish.user(), wish.vhost(), wish.configure(), wish.write(), wish.read());
        return put(
                wish.vhost(),
                state.permissions,
                new PermissionKey(wish.user(), wish.vhost()),
                permission);
    }

    TopologyOutcome put(PutTopicPermission wish) {
        TopicPermissionView permission =
                new TopicPermissionView(
                        wish.user(), wish.vhost(), wish.exchange(), wish.write(), wish.read());
        return put(
                wish.vhost(),
                state.topicPermissions,
                new TopicPermissionKey(wish.user(), wish.vhost(), wish.exchange()),
                permission);
    }

    private <K, V> TopologyOutcome put(String vhost, TreeMap<K, V> all, K key, V permission) {
        if (state.vhost(vhost) == null) {
            return Answers.noVhost(vhost);
        }
        if (!all.containsKey(key) && all.size() >= TopologyLimits.MAX_PERMISSIONS) {
            return Answers.full("a permission", "permissions", TopologyLimits.MAX_PERMISSIONS);
        }
        return changed(!permission.equals(all.put(key, permission)));
    }

    TopologyOutcome delete(DeletePermission wish) {
        return changed(
                state.permissions.remove(new PermissionKey(wish.user(), wish.vhost())) != null);
    }

    TopologyOutcome delete(DeleteTopicPermission wish) {
        return changed(
                state.topicPermissions
                        .keySet()
                        .removeIf(
                                key ->
                                        key.user().equals(wish.user())
                                                && key.vhost().equals(wish.vhost())
                                                && (wish.exchange().isEmpty()
                                                        || key.exchange()
                                                                .equals(wish.exchange()))));
    }

    private TopologyOutcome changed(boolean changed) {
        state.permissionsChanged |= changed;
        return changed ? Done.CHANGED : Done.UNCHANGED;
    }
}
