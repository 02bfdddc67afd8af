package io.mainstay.head.http;

import io.mainstay.head.web.RateBook;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.VhostView;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
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

    private final RateBook rates;

    /// @param rates of this head's event loop
    QueueCalls(RateBook rates) {
        this.rates = rates;
    }

    List<Route> routes(MessagingDoor door) {
        return List.of(
                door.inVhost(HttpMethod.GET, QUEUES, Right.READ, this::list),
                door.inVhost(HttpMethod.GET, QUEUE, Right.READ, this::show),
                door.inVhost(HttpMethod.PUT, QUEUE, Right.CHANGE, QueueCalls::declare),
                door.inVhost(HttpMethod.DELETE, QUEUE, Right.CHANGE, QueueCalls::delete),
                door.inVhost(HttpMethod.POST, QUEUE + "/purge", Right.CHANGE, QueueCalls::purge));
    }

    /// A queue and its figures at the moment of the call: sorting asks for them many times.
    private record Seen(QueueView view, QueueStats stats, boolean up) {

        static Seen of(QueueView queue, Messaging messaging) {
            return new Seen(queue, messaging.stats(queue), messaging.isUp(queue));
        }
    }

    private void list(AdminRequest request, Messaging messaging, VhostView vhost)
            throws BadRequestException {
        new Paging<Seen>(seen -> seen.view.name(), orders(), this::fields)
                .answer(
                        request,
                        vhost.queues().stream().map(queue -> Seen.of(queue, messaging)).toList());
    }

    private Map<String, Comparator<Seen>> orders() {
        return Map.of(
                "name", Comparator.comparing(seen -> seen.view.name()),
                "type", Comparator.comparing(seen -> seen.view.type()),
                "ready", Comparator.comparingLong(seen -> seen.stats.ready()),
                "unacked", Comparator.comparingLong(seen -> seen.stats.unacked()),
                "bytes", Comparator.comparingLong(seen -> seen.stats.bytes()),
                "consumers", Comparator.comparingInt(seen -> seen.stats.consumers()),
                "publishRate",
                        Comparator.comparingDouble(
                                seen -> rate(seen, "published", seen.stats.published())),
                "deliverRate",
                        Comparator.comparingDouble(
                                seen -> rate(seen, "delivered", seen.stats.delivered())),
                "ackRate",
                        Comparator.comparingDouble(
                                seen -> rate(seen, "acked", seen.stats.acked())));
    }

    private double rate(Seen seen, String what, long value) {
        return rates.rate(what + " " + seen.view.id(), value);
    }

    private void show(AdminRequest request, Messaging messaging, VhostView vhost) {
        QueueView queue = MessagingDoor.anyQueue(request, vhost);
        if (queue != null) {
            Map<String, @Nullable Object> fields = fields(Seen.of(queue, messaging));
            fields.put("settings", settings(queue.settings()));
            request.answer(200, fields);
        }
    }

    /// What is in effect, of arguments and policies; what is not limited is left out.
    private static Map<String, @Nullable Object> settings(QueueSettings settings) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        limit(fields, "messageTtlMs", settings.messageTtlMs());
        limit(fields, "expiresMs", settings.expiresMs());
        limit(fields, "maxLength", settings.maxLength());
        limit(fields, "maxBytes", settings.maxBytes());
        if (settings.maxLength() >= 0 || settings.maxBytes() >= 0) {
            fields.put(
                    "overflow",
                    settings.overflow().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (settings.deadLetterExchange() != null) {
            fields.put("deadLetterExchange", settings.deadLetterExchange());
        }
        if (settings.deadLetterRoutingKey() != null) {
            fields.put("deadLetterRoutingKey", settings.deadLetterRoutingKey());
        }
        if (settings.maxPriority() > 0) {
            fields.put("maxPriority", settings.maxPriority());
        }
        if (settings.singleActiveConsumer()) {
            fields.put("singleActiveConsumer", true);
        }
        limit(fields, "deliveryLimit", settings.deliveryLimit());
        limit(fields, "maxAgeMs", settings.maxAgeMs());
        limit(fields, "consumerTimeoutMs", settings.consumerTimeoutMs());
        return fields;
    }

    private static void limit(Map<String, @Nullable Object> fields, String name, long value) {
        if (value != QueueSettings.NONE) {
            fields.put(name, value);
        }
    }

    private Map<String, @Nullable Object> fields(Seen seen) {
        QueueView queue = seen.view;
        QueueStats stats = seen.stats;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("vhost", queue.vhost());
        fields.put("name", queue.name());
        fields.put("type", queue.type().name().toLowerCase(Locale.ROOT));
        fields.put("durable", queue.durable());
        fields.put("autoDelete", queue.autoDelete());
        fields.put("exclusive", queue.exclusive());
        fields.put("state", seen.up ? "running" : "down");
        fields.put("ready", stats.ready());
        fields.put("unacked", stats.unacked());
        fields.put("bytes", stats.bytes());
        fields.put("consumers", stats.consumers());
        if (queue.type() == QueueView.Type.STREAM) {
            fields.put("endOffset", stats.end());
        }
        fields.put("published", stats.published());
        fields.put("delivered", stats.delivered());
        fields.put("acked", stats.acked());
        fields.put("redelivered", stats.redelivered());
        fields.put("duplicates", stats.duplicates());
        fields.put("publishRate", rate(seen, "published", stats.published()));
        fields.put("deliverRate", rate(seen, "delivered", stats.delivered()));
        fields.put("ackRate", rate(seen, "acked", stats.acked()));
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
        if (queue != null && queue.type() == QueueView.Type.STREAM) {
            request.error(
                    409,
                    "PRECONDITION_FAILED",
                    "a stream is not purged: '%s' drops what is too old or too much for its arguments"
                            .formatted(queue.name()),
                    "");
        } else if (queue != null) {
            QueueSession session = MessagingDoor.open(request, messaging);
            session.purge(queue, counted(request, session, "purge of queue " + queue.name()));
        }
    }

    private static Consumer<CountOutcome> counted(
            AdminRequest request, QueueSession session, String what) {
        return outcome -> {
            session.close();
            switch (outcome) {
                case CountOutcome.Done(long messages) -> {
                    Audit.note(request.principal(), what, "done, " + messages + " messages");
                    request.answer(200, Map.of("messages", messages));
                }
                case CountOutcome.Refused(var reason, String message) -> {
                    Audit.note(request.principal(), what, "refused: " + message);
                    MessagingDoor.refused(request, reason, message);
                }
            }
        };
    }
}
