package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `/api/vhost-limits` and `/api/user-limits`. A limit below 0 is none, and is kept and shown as at RabbitMQ.
final class LimitCalls {

    private static final int BODY_BYTES = 64 << 10;
    private static final String OF_VHOSTS = "/api/vhost-limits";
    private static final String OF_VHOST = OF_VHOSTS + "/{vhost}";
    private static final String VHOST_LIMIT = OF_VHOST + "/{name}";
    private static final String OF_USERS = "/api/user-limits";
    private static final String OF_USER = OF_USERS + "/{user}";
    private static final String USER_LIMIT = OF_USER + "/{name}";

    private LimitCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get(OF_VHOSTS, Need.MANAGEMENT, LimitCalls::ofVhosts),
                Route.get(OF_VHOST, Need.MANAGEMENT, LimitCalls::ofVhosts),
                Route.put(VHOST_LIMIT, Need.ADMINISTRATOR, LimitCalls::putOfVhost),
                Route.delete(VHOST_LIMIT, Need.ADMINISTRATOR, LimitCalls::deleteOfVhost),
                Route.get(OF_USERS, Need.ADMINISTRATOR, LimitCalls::ofUsers),
                Route.get(OF_USER, Need.ADMINISTRATOR, LimitCalls::ofUser),
                Route.put(USER_LIMIT, Need.ADMINISTRATOR, LimitCalls::putOfUser),
                Route.delete(USER_LIMIT, Need.ADMINISTRATOR, LimitCalls::deleteOfUser));
    }

    /// As RabbitMQ shows them: word and number.
    static Map<String, Long> shape(VhostView vhost) {
        Map<String, Long> fields = new LinkedHashMap<>();
        vhost.limits().forEach((limit, most) -> fields.put(limit.word(), most));
        return fields;
    }

    static Map<String, Long> shape(Map<UserLimit, Long> limits) {
        Map<String, Long> fields = new LinkedHashMap<>();
        limits.forEach((limit, most) -> fields.put(limit.word(), most));
        return fields;
    }

    private static void ofVhosts(RabbitRequest request) throws RefusedException {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (VhostView vhost : request.vhostsOfPath()) {
            if (!vhost.limits().isEmpty()) {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                fields.put("vhost", vhost.name());
                fields.put("value", shape(vhost));
                items.add(fields);
            }
        }
        request.list(items);
    }

    private static void ofUsers(RabbitRequest request) throws RefusedException {
        request.list(ofUsers(request.view().userLimits()));
    }

    private static List<Map<String, @Nullable Object>> ofUsers(
            Map<String, Map<UserLimit, Long>> limits) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        limits.forEach(
                (user, of) -> {
                    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                    fields.put("user", user);
                    fields.put("value", shape(of));
                    items.add(fields);
                });
        return items;
    }

    private static void ofUser(RabbitRequest request) throws RefusedException {
        String user = UserCalls.known(request).name("user");
        Map<UserLimit, Long> limits = request.view().userLimits().get(user);
        request.list(limits == null ? List.of() : ofUsers(Map.of(user, limits)));
    }

    private static void putOfVhost(RabbitRequest request) throws RefusedException {
        String vhost = request.name(Route.VHOST);
        VhostLimit limit = vhostLimit(request.name("name"));
        request.body(
                BODY_BYTES,
                body ->
                        change(
                                request,
                                "limit %s of virtual host %s".formatted(limit.word(), vhost),
                                new TopologyChange.PutVhostLimit(vhost, limit, value(body))));
    }

    /// One that RabbitMQ does not know is not there either.
    private static void deleteOfVhost(RabbitRequest request) throws RefusedException {
        String vhost = request.name(Route.VHOST);
        VhostLimit limit = VhostLimit.of(request.name("name"));
        if (limit == null) {
            request.empty(204);
            return;
        }
        change(
                request,
                "removal of limit %s of virtual host %s".formatted(limit.word(), vhost),
                new TopologyChange.DeleteVhostLimit(vhost, limit));
    }

    private static void putOfUser(RabbitRequest request) throws RefusedException {
        String user = request.name("user");
        if (!UserCalls.isThere(request.services(), user)) {
            throw RefusedException.bad("no_such_user: " + user);
        }
        UserLimit limit = userLimit(request.name("name"));
        request.body(
                BODY_BYTES,
                body ->
                        change(
                                request,
                                "limit %s of user %s".formatted(limit.word(), user),
                                new TopologyChange.PutUserLimit(user, limit, value(body))));
    }

    private static void deleteOfUser(RabbitRequest request) throws RefusedException {
        String user = request.name("user");
        UserLimit limit = UserLimit.of(request.name("name"));
        if (limit == null) {
            request.empty(204);
            return;
        }
        change(
                request,
                "removal of limit %s of user %s".formatted(limit.word(), user),
                new TopologyChange.DeleteUserLimit(user, limit));
    }

    private static void change(RabbitRequest request, String what, TopologyChange change) {
        request.change(
                change,
                done -> {
                    Audit.note(request.caller(), what, "done");
                    request.empty(204);
                });
    }

    private static long value(Body body) throws RefusedException {
        if (body.node("value") == null) {
            throw RefusedException.bad("key_missing: value");
        }
        return number(body, "value");
    }

    private static long number(Body body, String name) throws RefusedException {
        return body.number(name, Integer.MIN_VALUE, Long.MAX_VALUE, -1);
    }

    private static VhostLimit vhostLimit(String word) throws RefusedException {
        VhostLimit limit = VhostLimit.of(word);
        if (limit == null) {
            throw RefusedException.bad(
                    "Validation failed: unrecognised limit '%s' of a virtual host, allowed: max-connections, max-queues"
                            .formatted(word));
        }
        return limit;
    }

    private static UserLimit userLimit(String word) throws RefusedException {
        UserLimit limit = UserLimit.of(word);
        if (limit == null) {
            throw RefusedException.bad(
                    "Validation failed: unrecognised limit '%s' of a user, allowed: max-connections, max-channels"
                            .formatted(word));
        }
        return limit;
    }

    /// Limits as definitions have them, an object; RabbitMQ writes an empty list for none.
    static List<TopologyChange> ofVhost(String vhost, @Nullable JsonNode limits)
            throws RefusedException {
        List<TopologyChange> changes = new ArrayList<>();
        if (object(limits) instanceof ObjectNode present) {
            for (String word : present.propertyNames()) {
                changes.add(
                        new TopologyChange.PutVhostLimit(
                                vhost, vhostLimit(word), number(new Body(present), word)));
            }
        }
        return changes;
    }

    static List<TopologyChange> ofUser(String user, @Nullable JsonNode limits)
            throws RefusedException {
        List<TopologyChange> changes = new ArrayList<>();
        if (object(limits) instanceof ObjectNode present) {
            for (String word : present.propertyNames()) {
                changes.add(
                        new TopologyChange.PutUserLimit(
                                user, userLimit(word), number(new Body(present), word)));
            }
        }
        return changes;
    }

    private static @Nullable ObjectNode object(@Nullable JsonNode limits) throws RefusedException {
        if (limits == null || (limits.isArray() && limits.isEmpty())) {
            return null;
        }
        if (limits instanceof ObjectNode present) {
            return present;
        }
        throw Body.wrong("limits", limits, "an object");
    }
}
