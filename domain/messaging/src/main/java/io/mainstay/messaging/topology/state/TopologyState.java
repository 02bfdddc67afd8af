package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.ExchangeView.Routing;
import io.mainstay.messaging.api.TopologyView.PermissionView;
import io.mainstay.messaging.api.TopologyView.TopicPermissionView;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything that a snapshot holds.
final class TopologyState {

    /// The virtual host that is there from the start.
    static final String DEFAULT_VHOST = "/";

    /// Queues that one entry of the log may make before their ids outrun its offset.
    private static final int ID_BITS_OF_ENTRY = 16;

    final TreeMap<String, VhostState> vhosts = new TreeMap<>();
    final QueueIndex queues = new QueueIndex();
    final TreeMap<PermissionKey, PermissionView> permissions = new TreeMap<>();
    final TreeMap<TopicPermissionKey, TopicPermissionView> topicPermissions = new TreeMap<>();

    /// Never an empty map among them.
    final TreeMap<String, EnumMap<UserLimit, Long>> userLimits = new TreeMap<>();

    /// Raft offset of the last change.
    long revision;

    long lastQueueId;

    /// Virtual hosts whose view is not what they are; derived.
    final TreeSet<String> changedVhosts = new TreeSet<>();

    /// Whether the view of permissions is old; derived.
    boolean permissionsChanged;

    /// Whether the view of limits of users is old; derived.
    boolean userLimitsChanged;

    TopologyState() {
        addVhost(DEFAULT_VHOST, "Default virtual host", 0);
    }

    void clear() {
        changedVhosts.addAll(vhosts.keySet());
        vhosts.clear();
        queues.clear();
        permissions.clear();
        topicPermissions.clear();
        permissionsChanged = true;
        userLimits.clear();
        userLimitsChanged = true;
    }

    @Nullable VhostState vhost(String name) {
        return vhosts.get(name);
    }

    /// With the exchanges that are in each.
    ///
    /// @param offset of the entry that makes it
    void addVhost(String name, String description, long offset) {
        VhostState vhost = newVhost(name, description);
        vhost.incarnation(offset);
        predeclare(vhost, "", "direct", Routing.DIRECT, false);
        predeclare(vhost, "amq.direct", "direct", Routing.DIRECT, false);
        predeclare(vhost, "amq.fanout", "fanout", Routing.FANOUT, false);
        predeclare(vhost, "amq.headers", "headers", Routing.HEADERS, false);
        predeclare(vhost, "amq.match", "headers", Routing.HEADERS, false);
        predeclare(vhost, "amq.rabbitmq.trace", "topic", Routing.TOPIC, true);
        predeclare(vhost, "amq.topic", "topic", Routing.TOPIC, false);
    }

    /// Without any exchange.
    VhostState newVhost(String name, String description) {
        VhostState vhost = new VhostState(name, description, queues);
        vhosts.put(name, vhost);
        changedVhosts.add(name);
        return vhost;
    }

    private static void predeclare(
            VhostState vhost, String name, String type, Routing routing, boolean internal) {
        vhost.add(
                new ExchangeView(
                        vhost.name(),
                        name,
                        type,
                        routing,
                        null,
                        true,
                        false,
                        internal,
                        FieldTable.EMPTY,
                        "",
                        ""));
    }

    /// A number that no queue had before.
    ///
    /// @param offset of the entry that declares it
    long newQueueId(long offset) {
        lastQueueId = Math.max(lastQueueId + 1, offset << ID_BITS_OF_ENTRY);
        return lastQueueId;
    }

    int exchangeCount() {
        return vhosts.values().stream().mapToInt(vhost -> vhost.exchanges().size()).sum();
    }

    int bindingCount() {
        return vhosts.values().stream().mapToInt(VhostState::bindings).sum();
    }

    record PermissionKey(String user, String vhost) implements Comparable<PermissionKey> {
        @Override
        public int compareTo(PermissionKey other) {
            int order = user.compareTo(other.user);
            return order == 0 ? vhost.compareTo(other.vhost) : order;
        }
    }

    record TopicPermissionKey(String user, String vhost, String exchange)
            implements Comparable<TopicPermissionKey> {
        @Override
        public int compareTo(TopicPermissionKey other) {
            int order = user.compareTo(other.user);
            order = order == 0 ? vhost.compareTo(other.vhost) : order;
            return order == 0 ? exchange.compareTo(other.exchange) : order;
        }
    }
}
