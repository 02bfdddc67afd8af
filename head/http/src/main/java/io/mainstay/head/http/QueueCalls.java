package io.mainstay.head.http;

import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.VhostView;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// `/api/v1/messaging/queues`.
final class QueueCalls {

    private static final String QUEUES = "/api/v1/messaging/queues";
    private static final String QUEUE = QUEUES + "/{queue}";

    /// Names that are given by the server.
    private static final String RESERVED = "amq.";

    private QueueCalls() {}

    static List<Route> routes(MessagingDoor door) {
        return List.of(
                door.inVhost(HttpMethod.GET, QUEUES, Right.READ, QueueCalls::list),
                door.inVhost(HttpMethod.GET, QUEUE, Right.READ, QueueCalls::show),
                door.inVhost(HttpMethod.PUT, QUEUE, Right.CHANGE, QueueCalls::declare),
                door.inVhost(HttpMethod.DELETE, QUEUE, Right.CHANGE, QueueCalls::delete),
                door.inVhost(HttpMethod.POST, QUEUE + "/purge", Right.CHANGE, QueueCalls::purge));
    }

    private static void list(AdminRequest request, Messaging messaging, VhostView vhost) {
        TopologyCalls.items(
                request, vhost.queues().stream().map(q -> fields(q, messaging.stats(q))).toList());
    }

    private static void show(AdminRequest request, Messaging messaging, VhostView vhost) {
        QueueView queue = vhost.queue(request.name(0));
        if (queue == null) {
            MessagingDoor.queue(request, vhost);
        } else {
            request.answer(200, fields(queue, messaging.stats(queue)));
        }
    }

    private static Map<String, @Nullable Object> fields(QueueView queue, QueueStats stats) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vhost", queue.vhost());
        fields.put("name", queue.name());
        fields.put("type", queue.type().name().toLowerCase(Locale.ROOT));
        fields.put("durable", queue.durable());
        fields.put("autoDelete", queue.autoDelete());
        fields.put("exclusive", queue.exclusive());
        fields.put("ready", stats.ready());
        fields.put("unacked", stats.unacked());
        fields.put("bytes", stats.bytes());
        fields.put("consumers", stats.consumers());
        fields.put("published", stats.published());
        fields.put("delivered", stats.delivered());
        fields.put("acked", stats.acked());
        fields.put("redelivered", stats.redelivered());
        fields.put("policy", queue.policy());
        fields.put("operatorPolicy", queue.operatorPolicy());
        fields.put("arguments", TableJson.json(queue.arguments()));
        return fields;
    }

    private static void declare(AdminRequest request, Messaging messaging, VhostView vhost)
            throws BadRequestException {
        String name = request.name(0);
        if (name.startsWith(RESERVED) && vhost.queue(name) == null) {
            throw new BadRequestException(
                    "name", "the name '" + name + "' is reserved", "names without " + RESERVED);
        }
        request.body(
                MessagingDoor.BODY_BYTES,
                body -> {
                    TopologyChange declare =
                            new TopologyChange.DeclareQueue(
                                    vhost.name(),
                                    request.name(0),
                                    body.flag("durable", true),
                                    body.flag("autoDelete", false),
                                    "",
                                    TableJson.table(body.object("arguments")));
                    body.noOthers();
                    MessagingDoor.change(request, messaging, declare, "queue " + request.name(0));
                });
    }

    private static void delete(AdminRequest request, Messaging messaging, VhostView vhost)
            throws BadRequestException {
        boolean ifUnused = MessagingDoor.flag(request, "ifUnused");
        boolean ifEmpty = MessagingDoor.flag(request, "ifEmpty");
        QueueView queue = MessagingDoor.queue(request, vhost);
        if (queue != null) {
            QueueSession session = MessagingDoor.open(request, messaging);
            session.delete(
                    queue,
                    ifUnused,
                    ifEmpty,
                    counted(request, session, "removal of queue " + queue.name()));
        }
    }

    private static void purge(AdminRequest request, Messaging messaging, VhostView vhost) {
        QueueView queue = MessagingDoor.queue(request, vhost);
        if (queue != null) {
            QueueSession session = MessagingDoor.open(request, messaging);
            session.purge(queue, counted(request, session, "purge of queue " + queue.name()));
        }
    }

    private static Consumer<CountOutcome> counted(
            AdminRequest request, QueueSession session, String what) {
        return outcome -> {
            session.close();
            Audit.note(request.principal(), what, outcome);
            switch (outcome) {
                case CountOutcome.Done(long messages) ->
                        request.answer(200, Map.of("messages", messages));
                case CountOutcome.Refused(var reason, String message) ->
                        MessagingDoor.refused(request, reason, message);
            }
        };
    }
}
