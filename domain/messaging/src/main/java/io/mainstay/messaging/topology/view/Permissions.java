package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.TopologyView.PermissionView;
import io.mainstay.messaging.api.TopologyView.TopicPermissionView;
import io.mainstay.messaging.topology.rules.GuardedPattern;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who may what, with the patterns compiled. Immutable; made anew with each change of permissions.
public final class Permissions {

    public static final Permissions NONE = new Permissions(List.of(), List.of());

    /// What patterns of the default exchange, whose name is empty, are compared with.
    private static final String DEFAULT_EXCHANGE = "amq.default";

    private final List<PermissionView> permissions;
    private final List<TopicPermissionView> topicPermissions;

    /// By user, then virtual host.
    private final Map<String, Map<String, Compiled>> compiled = new HashMap<>();

    /// By user, virtual host, then exchange.
    private final Map<String, Map<String, Map<String, Compiled>>> topics = new HashMap<>();

    /// @param permissions sorted
    /// @param topicPermissions sorted
    public Permissions(
            Collection<PermissionView> permissions,
            Collection<TopicPermissionView> topicPermissions) {
        this.permissions = List.copyOf(permissions);
        this.topicPermissions = List.copyOf(topicPermissions);
        for (PermissionView each : this.permissions) {
            compiled.computeIfAbsent(each.user(), user -> new HashMap<>())
                    .put(each.vhost(), Compiled.of(each));
        }
        for (TopicPermissionView each : this.topicPermissions) {
            topics.computeIfAbsent(each.user(), user -> new HashMap<>())
                    .computeIfAbsent(each.vhost(), vhost -> new HashMap<>())
                    .put(each.exchange(), Compiled.of(each));
        }
    }

    List<PermissionView> permissions() {
        return permissions;
    }

    List<TopicPermissionView> topicPermissions() {
        return topicPermissions;
    }

    @Nullable PermissionView permission(String user, String vhost) {
        Compiled found = find(user, vhost);
        return found == null ? null : found.view;
    }

    private @Nullable Compiled find(String user, String vhost) {
        Map<String, Compiled> ofUser = compiled.get(user);
        return ofUser == null ? null : ofUser.get(vhost);
    }

    boolean may(String user, String vhost, Operation operation, String resource) {
        Compiled found = find(user, vhost);
        return found != null
                && found.of(operation).isFoundIn(resource.isEmpty() ? DEFAULT_EXCHANGE : resource);
    }

    boolean mayTopic(
            String user, String vhost, String exchange, Operation operation, String routingKey) {
        Map<String, Map<String, Compiled>> ofUser = topics.get(user);
        Map<String, Compiled> ofVhost = ofUser == null ? null : ofUser.get(vhost);
        Compiled found = ofVhost == null ? null : ofVhost.get(exchange);
        return found == null || found.of(operation).isFoundIn(routingKey);
    }

    private record Compiled(
            @Nullable PermissionView view,
            GuardedPattern configure,
            GuardedPattern write,
            GuardedPattern read) {

        static Compiled of(PermissionView view) {
            return new Compiled(
                    view, pattern(view.configure()), pattern(view.write()), pattern(view.read()));
        }

        static Compiled of(TopicPermissionView view) {
            return new Compiled(
                    null,
                    pattern(""),
                    pattern(filled(view.write(), view)),
                    pattern(filled(view.read(), view)));
        }

        /// An empty pattern allows nothing but an empty name.
        private static GuardedPattern pattern(String expression) {
            return GuardedPattern.of(expression.isEmpty() ? "^$" : expression);
        }

        /// Topic patterns may name the user and the virtual host.
        private static String filled(String expression, TopicPermissionView view) {
            return expression
                    .replace("{username}", GuardedPattern.literal(view.user()))
                    .replace("{vhost}", GuardedPattern.literal(view.vhost()));
        }

        GuardedPattern of(Operation operation) {
            return switch (operation) {
                case CONFIGURE -> configure;
                case WRITE -> write;
                case READ -> read;
            };
        }
    }
}
