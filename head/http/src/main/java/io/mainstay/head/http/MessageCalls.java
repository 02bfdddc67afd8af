package io.mainstay.head.http;

import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.MessageProperties.Property;
import io.mainstay.messaging.message.PublishId;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Messages through the admin API: `publish`, `queues/{queue}/messages` to look at them or take them, and `queues/{queue}/move`. Bodies are what users send
/// one another: an OPERATOR sees them, a VIEWER does not.
final class MessageCalls {

    /// Messages of at most 1 MiB, in base64, and what is around them.
    private static final int PUBLISH_BYTES = 2 << 20;

    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_SHORT_BYTES = 255;
    private static final int MAX_PEEKED = 100;

    /// Bodies that are read for one answer; fewer messages than asked for come then.
    private static final long MAX_PEEKED_BYTES = 16L << 20;

    private MessageCalls() {}

    /// @param alarm why publishers are held back; empty: they are not
    static List<Route> routes(MessagingDoor door, Supplier<String> alarm) {
        String messages = "/api/v1/messaging/queues/{queue}/messages";
        return List.of(
                door.inVhost(
                        HttpMethod.POST,
                        "/api/v1/messaging/publish",
                        Right.CHANGE,
                        (request, messaging, vhost) -> {
                            String why = alarm.get();
                            if (why.isEmpty()) {
                                publish(request, messaging, vhost);
                            } else {
                                request.error(
                                        503,
                                        "BLOCKED",
                                        "publishers are blocked: " + why,
                                        "the same call when the alarm is over");
                            }
                        }),
                door.inVhost(HttpMethod.GET, messages, Right.CHANGE, MessageCalls::peek),
                door.inVhost(HttpMethod.DELETE, messages, Right.CHANGE, MessageCalls::take),
                door.inVhost(
                        HttpMethod.POST,
                        "/api/v1/messaging/queues/{queue}/move",
                        Right.CHANGE,
                        MessageCalls::move));
    }

    /// Takes nothing, so it may look into a queue of one connection too.
    private static void peek(AdminRequest request, Messaging messaging, VhostView vhost)
            throws BadRequestException {
        int count = request.query("count", 1, MAX_PEEKED);
        int bodyBytes = request.query("bodyBytes", MAX_BODY_BYTES, MAX_BODY_BYTES);
        QueueView queue = MessagingDoor.anyQueue(request, vhost);
        if (queue != null) {
            Audit.note(
                    request.principal(), "looking at messages of queue " + queue.name(), "begun");
            QueueSession session = MessagingDoor.open(request, messaging);
            session.peek(
                    queue,
                    count,
                    MAX_PEEKED_BYTES,
                    messages -> {
                        session.close();
                        request.answer(
                                200,
                                Map.of(
                                        "items",
                                        messages.stream()
                                                .map(each -> MessageJson.of(each, bodyBytes))
                                                .toList()));
                    },
                    refused -> {
                        session.close();
                        MessagingDoor.refused(request, refused.reason(), refused.message());
                    });
        }
    }

    private static void take(AdminRequest request, Messaging messaging, VhostView vhost)
            throws BadRequestException {
        int count = request.query("count", 1, MessageTaker.MAX_COUNT);
        QueueView queue = MessagingDoor.queue(request, vhost);
        if (queue != null) {
            MessageTaker.start(request, MessagingDoor.open(request, messaging), queue, count);
        }
    }

    private static void move(AdminRequest request, Messaging messaging, VhostView vhost) {
        request.body(
                MessagingDoor.BODY_BYTES,
                body -> {
                    String to = body.neededText("target");
                    int limit =
                            body.number("limit", 1, MessageMover.MAX_COUNT, MessageMover.MAX_COUNT);
                    body.noOthers();
                    if (to.equals(request.name(0))) {
                        throw new BadRequestException(
                                "target", "the target is the queue itself", "another queue");
                    }
                    QueueView source = MessagingDoor.queue(request, vhost);
                    QueueView target =
                            source == null ? null : MessagingDoor.queue(request, vhost, to);
                    if (source != null && target != null) {
                        MessageMover.start(
                                request,
                                MessagingDoor.open(request, messaging),
                                source,
                                target,
                                limit);
                    }
                });
    }

    private static void publish(AdminRequest request, Messaging messaging, VhostView vhost) {
        request.body(
                PUBLISH_BYTES,
                body -> {
                    String name = body.text("exchange", "");
                    ExchangeView exchange = vhost.exchange(name);
                    if (exchange == null || exchange.internal()) {
                        request.error(
                                404,
                                "no-exchange",
                                "there is no exchange '%s' in virtual host '%s' that takes messages"
                                        .formatted(name, vhost.name()),
                                "");
                        return;
                    }
                    ComposedMessage message = message(exchange, body);
                    Set<QueueView> targets = new LinkedHashSet<>();
                    vhost.route(exchange, message.routingKey(), message, targets);
                    if (targets.isEmpty()) {
                        request.answer(200, Map.of("queues", 0));
                    } else {
                        send(request, messaging, message, new ArrayList<>(targets));
                    }
                });
    }

    private static void send(
            AdminRequest request,
            Messaging messaging,
            ComposedMessage message,
            List<QueueView> targets) {
        QueueSession session = MessagingDoor.open(request, messaging);
        session.publish(
                message,
                targets,
                (sequence, outcome) -> {
                    session.close();
                    switch (outcome) {
                        case CONFIRMED -> request.answer(200, Map.of("queues", targets.size()));
                        case REJECTED ->
                                request.error(409, "REJECTED", "a queue is full and refuses", "");
                        case FAILED ->
                                request.error(
                                        503,
                                        "UNKNOWN",
                                        "it is not known whether the message was kept",
                                        "the same call again, which may publish it twice");
                    }
                },
                1);
        session.flush();
    }

    private static ComposedMessage message(ExchangeView exchange, JsonBody body)
            throws BadRequestException {
        String key = shortText("routingKey", body.text("routingKey", ""));
        byte[] payload = payload(body.text("payload", ""), body.text("encoding", "text"));
        MessageProperties properties = MessageProperties.NONE;
        for (Property property :
                List.of(
                        Property.CONTENT_TYPE,
                        Property.CORRELATION_ID,
                        Property.REPLY_TO,
                        Property.MESSAGE_ID,
                        Property.TYPE)) {
            String field = MessageJson.camel(property.shown());
            String value = body.text(field);
            if (value != null) {
                properties = properties.withText(property, shortText(field, value));
            }
        }
        FieldTable headers = TableJson.table(body.object("headers"));
        PublishId id = publishId(headers);
        if (!headers.isEmpty()) {
            properties = properties.withHeaders(id == null ? headers : PublishId.without(headers));
        }
        int priority = body.number("priority", 0, 255, 0);
        if (priority > 0) {
            properties = properties.withPriority(priority);
        }
        int ttlMs = body.number("ttlMs", 0, Integer.MAX_VALUE, -1);
        if (ttlMs >= 0) {
            properties = properties.withText(Property.EXPIRATION, Integer.toString(ttlMs));
        }
        properties = properties.withDeliveryMode(body.flag("persistent", true) ? 2 : 1);
        body.noOthers();
        int bytes = properties.bytes().remaining();
        if (bytes > ComposedMessage.MAX_PROPERTIES_BYTES) {
            throw new BadRequestException(
                    "headers",
                    "headers and other properties have " + bytes + " bytes",
                    "up to " + ComposedMessage.MAX_PROPERTIES_BYTES);
        }
        return new ComposedMessage(exchange.name(), key, properties, payload, ttlMs, id);
    }

    private static @Nullable PublishId publishId(FieldTable headers) throws BadRequestException {
        try {
            return PublishId.of(headers);
        } catch (FieldTableException impossible) {
            throw new BadRequestException(
                    "headers",
                    String.valueOf(impossible.getMessage()),
                    PublishId.PUBLISHER + " (text) and " + PublishId.SEQUENCE + " (0 and up)");
        }
    }

    private static String shortText(String name, String text) throws BadRequestException {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_SHORT_BYTES) {
            throw new BadRequestException(name, name + " is too long", MAX_SHORT_BYTES + " bytes");
        }
        return text;
    }

    private static byte[] payload(String payload, String encoding) throws BadRequestException {
        byte[] bytes;
        switch (encoding) {
            case "text" -> bytes = payload.getBytes(StandardCharsets.UTF_8);
            case "base64" -> {
                try {
                    bytes = Base64.getDecoder().decode(payload);
                } catch (IllegalArgumentException notBase64) {
                    throw new BadRequestException("payload", "payload is no base64", "base64");
                }
            }
            default ->
                    throw new BadRequestException(
                            "encoding", "encoding is '" + encoding + "'", "text, base64");
        }
        if (bytes.length > MAX_BODY_BYTES) {
            throw new BadRequestException(
                    "payload",
                    "payload has " + bytes.length + " bytes",
                    "up to " + MAX_BODY_BYTES + "; larger ones by AMQP");
        }
        return bytes;
    }
}
