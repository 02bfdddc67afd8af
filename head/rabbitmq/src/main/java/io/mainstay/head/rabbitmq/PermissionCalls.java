package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.TopologyView.PermissionView;
import io.mainstay.messaging.api.TopologyView.TopicPermissionView;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// `/api/permissions` and `/api/topic-permissions`, by user and by virtual host too.
final class PermissionCalls {

    private static final int BODY_BYTES = 64 << 10;
    private static final int MAX_PATTERN_LENGTH = 1000;

    private PermissionCalls() {}

    static List<Route> routes() {
        String one = "/api/permissions/{vhost}/{user}";
        String topic = "/api/topic-permissions/{vhost}/{user}";
        return List.of(
                Route.get("/api/permissions", Need.ADMINISTRATOR, r -> list(r, p -> true)),
                Route.get(one, Need.ADMINISTRATOR, PermissionCalls::show),
                Route.put(one, Need.ADMINISTRATOR, PermissionCalls::put),
                Route.delete(one, Need.ADMINISTRATOR, PermissionCalls::delete),
                Route.get(
                        "/api/users/{user}/permissions",
                        Need.ADMINISTRATOR,
                        r -> list(UserCalls.known(r), p -> p.user().equals(r.name("user")))),
                Route.get(
                        "/api/vhosts/{vhost}/permissions",
                        Need.ADMINISTRATOR,
                        r -> list(r, p -> p.vhost().equals(r.name("vhost")))),
                Route.get(
                        "/api/topic-permissions", Need.ADMINISTRATOR, r -> listTopic(r, p -> true)),
                Route.get(topic, Need.ADMINISTRATOR, PermissionCalls::showTopic),
                Route.put(topic, Need.ADMINISTRATOR, PermissionCalls::putTopic),
                Route.delete(topic, Need.ADMINISTRATOR, r -> deleteTopic(r, "")),
                Route.delete(
                        topic + "/{exchange}",
                        Need.ADMINISTRATOR,
                        r -> deleteTopic(r, r.name("exchange"))),
                Route.get(
                        "/api/users/{user}/topic-permissions",
                        Need.ADMINISTRATOR,
                        r -> listTopic(UserCalls.known(r), p -> p.user().equals(r.name("user")))),
                Route.get(
                        "/api/vhosts/{vhost}/topic-permissions",
                        Need.ADMINISTRATOR,
                        r -> listTopic(r, p -> p.vhost().equals(r.name("vhost")))));
    }

    private static void list(RabbitRequest request, Predicate<PermissionView> taken)
            throws RefusedException {
        request.list(
                request.view().permissions().stream()
                        .filter(taken)
                        .map(Shapes::permission)
                        .toList());
    }

    private static PermissionView permission(RabbitRequest request) throws RefusedException {
        PermissionView permission =
                request.view().permission(request.name("user"), request.name(Route.VHOST));
        if (permission == null) {
            throw RefusedException.notFound();
        }
        return permission;
    }

    private static void show(RabbitRequest request) throws RefusedException {
        request.item(Shapes.permission(permission(request)));
    }

    private static void put(RabbitRequest request) throws RefusedException {
        String user = request.name("user");
        String vhost = request.name(Route.VHOST);
        request.body(
                BODY_BYTES,
                body -> {
                    needsBoth(request, user, vhost);
                    boolean isNew = request.view().permission(user, vhost) == null;
                    request.change(
                            new TopologyChange.PutPermission(
                                    user,
                                    vhost,
                                    pattern(body, "configure"),
                                    pattern(body, "write"),
                                    pattern(body, "read")),
                            done -> {
                                Audit.note(
                                        request.caller(),
                                        "permissions of " + user + " in " + vhost,
                                        "done");
                                request.empty(isNew ? 201 : 204);
                            });
                });
    }

    /// A node without users knows the guest who calls.
    private static void needsBoth(RabbitRequest request, String user, String vhost)
            throws RefusedException {
        boolean known =
                request.services().access().user(user).isPresent()
                        || user.equals(request.caller().name());
        if (!known || request.view().vhost(vhost) == null) {
            throw RefusedException.bad("vhost_or_user_not_found");
        }
    }

    private static String pattern(Body body, String name) throws RefusedException {
        String pattern = body.needed(name);
        if (pattern.length() > MAX_PATTERN_LENGTH) {
            throw RefusedException.bad(
                    "%s has more than %d characters".formatted(name, MAX_PATTERN_LENGTH));
        }
        return pattern;
    }

    private static void delete(RabbitRequest request) throws RefusedException {
        PermissionView permission = permission(request);
        request.change(
                new TopologyChange.DeletePermission(permission.user(), permission.vhost()),
                done -> {
                    Audit.note(
                            request.caller(),
                            "removal of permissions of "
                                    + permission.user()
                                    + " in "
                                    + permission.vhost(),
                            "done");
                    request.empty(204);
                });
    }

    private static void listTopic(RabbitRequest request, Predicate<TopicPermissionView> taken)
            throws RefusedException {
        request.list(
                request.view().topicPermissions().stream()
                        .filter(taken)
                        .map(Shapes::topicPermission)
                        .toList());
    }

    private static List<Map<String, @Nullable Object>> ofUser(RabbitRequest request) {
        TopologyView view = request.view();
        return view.topicPermissions().stream()
                .filter(p -> p.user().equals(request.name("user")))
                .filter(p -> p.vhost().equals(request.name(Route.VHOST)))
                .map(Shapes::topicPermission)
                .toList();
    }

    private static void showTopic(RabbitRequest request) throws RefusedException {
        List<Map<String, @Nullable Object>> found = ofUser(request);
        if (found.isEmpty()) {
            throw RefusedException.notFound();
        }
        request.list(found);
    }

    private static void putTopic(RabbitRequest request) throws RefusedException {
        String user = request.name("user");
        String vhost = request.name(Route.VHOST);
        request.body(
                BODY_BYTES,
                body -> {
                    needsBoth(request, user, vhost);
                    boolean isNew = ofUser(request).isEmpty();
                    request.change(
                            new TopologyChange.PutTopicPermission(
                                    user,
                                    vhost,
                                    body.needed("exchange"),
                                    pattern(body, "write"),
                                    pattern(body, "read")),
                            done -> request.empty(isNew ? 201 : 204));
                });
    }

    private static void deleteTopic(RabbitRequest request, String exchange)
            throws RefusedException {
        request.change(
                new TopologyChange.DeleteTopicPermission(
                        request.name("user"), request.name(Route.VHOST), exchange),
                done -> request.empty(204));
    }
}
