package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.api.VhostView;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// Limits of virtual hosts and users below `/api/v1/messaging`, by RabbitMQ's words. What is not limited has no item; to take a limit away is to delete it.
final class LimitCalls {

    private static final String OF_VHOSTS = "/api/v1/messaging/vhost-limits";
    private static final String OF_VHOST = OF_VHOSTS + "/{vhost}/{limit}";
    private static final String OF_USERS = "/api/v1/messaging/user-limits";
    private static final String OF_USER = OF_USERS + "/{user}/{limit}";

    private final Access access;

    LimitCalls(Access access) {
        this.access = access;
    }

    List<Route> routes(MessagingDoor door) {
        return List.of(
                door.route(HttpMethod.GET, OF_VHOSTS, Right.READ, LimitCalls::ofVhosts),
                door.route(HttpMethod.PUT, OF_VHOST, Right.USERS, LimitCalls::putOfVhost),
                door.route(HttpMethod.DELETE, OF_VHOST, Right.USERS, LimitCalls::deleteOfVhost),
                door.route(HttpMethod.GET, OF_USERS, Right.USERS, LimitCalls::ofUsers),
                door.route(HttpMethod.PUT, OF_USER, Right.USERS, this::putOfUser),
                door.route(HttpMethod.DELETE, OF_USER, Right.USERS, LimitCalls::deleteOfUser));
    }

    private static void ofVhosts(AdminRequest request, Messaging messaging) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (VhostView vhost : messaging.topology().view().vhosts()) {
            vhost.limits()
                    .forEach(
                            (limit, most) ->
                                    items.add(item("vhost", vhost.name(), limit.word(), most)));
        }
        TopologyCalls.items(request, items);
    }

    private static void ofUsers(AdminRequest request, Messaging messaging) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        messaging
                .topology()
                .view()
                .userLimits()
                .forEach(
                        (user, limits) ->
                                limits.forEach(
                                        (limit, most) ->
                                                items.add(item("user", user, limit.word(), most))));
        TopologyCalls.items(request, items);
    }

    private static Map<String, @Nullable Object> item(
            String kind, String of, String limit, long most) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(kind, of);
        fields.put("limit", limit);
        // One below 0 came through RabbitMQ's API, where that means none.
        fields.put("most", most);
        return fields;
    }

    private static void putOfVhost(AdminRequest request, Messaging messaging)
            throws BadRequestException {
        String vhost = request.name(0);
        VhostLimit limit = vhostLimit(request);
        put(
                request,
                messaging,
                most -> new TopologyChange.PutVhostLimit(vhost, limit, most),
                "limit %s of virtual host %s".formatted(limit.word(), vhost));
    }

    private void putOfUser(AdminRequest request, Messaging messaging) throws BadRequestException {
        String user = request.name(0);
        UserLimit limit = userLimit(request);
        if (!MessagingDoor.knowsUser(request, access, user)) {
            return;
        }
        put(
                request,
                messaging,
                most -> new TopologyChange.PutUserLimit(user, limit, most),
                "limit %s of user %s".formatted(limit.word(), user));
    }

    private static void put(
            AdminRequest request,
            Messaging messaging,
            LongFunction<TopologyChange> change,
            String what) {
        request.body(
                MessagingDoor.BODY_BYTES,
                body -> {
                    int most = body.number("most", 0, Integer.MAX_VALUE, -1);
                    body.noOthers();
                    if (most < 0) {
                        throw new BadRequestException("most", "most is missing", "0 and up");
                    }
                    MessagingDoor.change(
                            request, messaging, change.apply(most), what + " = " + most);
                });
    }

    private static void deleteOfVhost(AdminRequest request, Messaging messaging)
            throws BadRequestException {
        String vhost = request.name(0);
        VhostLimit limit = vhostLimit(request);
        MessagingDoor.remove(
                request,
                messaging,
                new TopologyChange.DeleteVhostLimit(vhost, limit),
                "limit %s of virtual host %s".formatted(limit.word(), vhost),
                "virtual host %s has no limit %s".formatted(vhost, limit.word()));
    }

    private static void deleteOfUser(AdminRequest request, Messaging messaging)
            throws BadRequestException {
        String user = request.name(0);
        UserLimit limit = userLimit(request);
        MessagingDoor.remove(
                request,
                messaging,
                new TopologyChange.DeleteUserLimit(user, limit),
                "limit %s of user %s".formatted(limit.word(), user),
                "user %s has no limit %s".formatted(user, limit.word()));
    }

    private static VhostLimit vhostLimit(AdminRequest request) throws BadRequestException {
        VhostLimit limit = VhostLimit.of(request.name(1));
        if (limit == null) {
            throw unknown(
                    request, Arrays.stream(VhostLimit.values()).map(VhostLimit::word).toList());
        }
        return limit;
    }

    private static UserLimit userLimit(AdminRequest request) throws BadRequestException {
        UserLimit limit = UserLimit.of(request.name(1));
        if (limit == null) {
            throw unknown(request, Arrays.stream(UserLimit.values()).map(UserLimit::word).toList());
        }
        return limit;
    }

    private static BadRequestException unknown(AdminRequest request, List<String> words) {
        return new BadRequestException(
                "limit", "there is no limit '" + request.name(1) + "'", String.join(", ", words));
    }
}
