package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.PublishId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `POST /api/exchanges/{vhost}/{exchange}/publish`: answered when the message is durable in every queue that it went to.
final class PublishCall {

    /// JSON around a body in base64.
    private static final int OVERHEAD_BYTES = 1 << 20;

    /// Routing keys, those of CC and BCC among them.
    private static final int MAX_KEYS = 1024;

    private PublishCall() {}

    static void publish(RabbitRequest request) throws RefusedException {
        String exchange = ExchangeCalls.named(request.name("exchange"));
        if (request.vhost().exchange(exchange) == null) {
            throw RefusedException.bad(
                    "404 NOT_FOUND - no exchange '%s' in vhost '%s'"
                            .formatted(exchange, request.name(Route.VHOST)));
        }
        request.needs(Operation.WRITE, exchange);
        String alarm = request.services().config().alarm().get();
        if (!alarm.isEmpty()) {
            throw RefusedException.unavailable("publishers are blocked: " + alarm);
        }
        long mostBytes = request.services().config().maxMessageBytes() * 4L / 3 + OVERHEAD_BYTES;
        request.body(
                (int) Math.min(Integer.MAX_VALUE, mostBytes),
                body -> publish(request, ExchangeCalls.exchange(request), body));
    }

    private static void publish(RabbitRequest request, ExchangeView exchange, Body body)
            throws RefusedException {
        if (exchange.internal()) {
            throw RefusedException.notAuthorised(
                    "ACCESS_REFUSED - cannot publish to internal exchange '%s' in vhost '%s'"
                            .formatted(exchange.name(), exchange.vhost()));
        }
        ComposedMessage message = message(request, exchange, body);
        Set<String> keys = keys(message);
        if (keys.size() > MAX_KEYS) {
            throw RefusedException.bad(
                    "406 PRECONDITION_FAILED - the message has %d routing keys, allowed: up to %d"
                            .formatted(keys.size(), MAX_KEYS));
        }
        for (String key : keys) {
            Rights.ofTopic(request, exchange.name(), Operation.WRITE, key);
        }
        List<QueueView> targets = route(request.vhost(), exchange, message);
        if (targets.isEmpty()) {
            request.answer(200, Map.of("routed", false));
        } else {
            send(request, message, targets);
        }
    }

    static void send(RabbitRequest request, ComposedMessage message, List<QueueView> targets) {
        QueueSession session = QueueCalls.open(request);
        session.publish(
                message,
                targets,
                (sequence, outcome) ->
                        request.<QueueSession.PublishOutcome>here(
                                        known -> {
                                            session.close();
                                            answer(request, known);
                                        })
                                .accept(outcome),
                1);
        session.flush();
    }

    private static void answer(RabbitRequest request, QueueSession.PublishOutcome outcome)
            throws RefusedException {
        switch (outcome) {
            case CONFIRMED -> request.answer(200, Map.of("routed", true));
            case REJECTED ->
                    throw RefusedException.bad(
                            "rejected: a queue is full and refuses what is published");
            case FAILED ->
                    throw RefusedException.unavailable(
                            "it is not known whether the message was kept; publish it again");
        }
    }

    private static ComposedMessage message(RabbitRequest request, ExchangeView exchange, Body body)
            throws RefusedException {
        MessageProperties properties = PropertiesJson.of(body.node("properties"));
        String user = properties.userId();
        if (user != null && !user.equals(request.caller().name())) {
            throw RefusedException.bad(
                    "406 PRECONDITION_FAILED - user_id property set to '%s' but authenticated user was '%s'"
                            .formatted(user, request.caller().name()));
        }
        byte[] payload = payload(body);
        int most = request.services().config().maxMessageBytes();
        if (payload.length > most) {
            throw RefusedException.bad(
                    "406 PRECONDITION_FAILED - message size %d is larger than configured max size %d"
                            .formatted(payload.length, most));
        }
        int bytes = properties.bytes().remaining();
        if (bytes > ComposedMessage.MAX_PROPERTIES_BYTES) {
            throw RefusedException.bad(
                    "406 PRECONDITION_FAILED - properties and headers have %d bytes, allowed: up to %d"
                            .formatted(bytes, ComposedMessage.MAX_PROPERTIES_BYTES));
        }
        PublishId id = publishId(properties);
        return new ComposedMessage(
                exchange.name(),
                PropertiesJson.shortText("routing_key", body.needed("routing_key")),
                id == null
                        ? properties
                        : properties.withHeaders(PublishId.without(properties.headers())),
                payload,
                ttl(properties),
                id);
    }

    private static @Nullable PublishId publishId(MessageProperties properties)
            throws RefusedException {
        try {
            return PublishId.of(properties.headers());
        } catch (FieldTableException impossible) {
            throw RefusedException.bad(
                    "406 PRECONDITION_FAILED - invalid message: " + impossible.getMessage());
        }
    }

    private static byte[] payload(Body body) throws RefusedException {
        String payload = body.needed("payload");
        String encoding = body.needed("payload_encoding");
        switch (encoding) {
            case "string" -> {
                return payload.getBytes(StandardCharsets.UTF_8);
            }
            case "base64" -> {
                try {
                    return Base64.getDecoder().decode(payload);
                } catch (IllegalArgumentException notBase64) {
                    throw RefusedException.bad("the payload is not base64");
                }
            }
            default ->
                    throw RefusedException.bad(
                            "payload_encoding is '%s', allowed: string, base64"
                                    .formatted(encoding));
        }
    }

    private static long ttl(MessageProperties properties) throws RefusedException {
        String expiration = properties.expiration();
        if (expiration == null) {
            return -1;
        }
        try {
            long ttl = Long.parseLong(expiration);
            if (ttl >= 0 && ttl <= ComposedMessage.MAX_TTL_MS) {
                return ttl;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, like one out of bounds.
        }
        throw RefusedException.bad(
                "406 PRECONDITION_FAILED - invalid expiration '%s', allowed: milliseconds, 0 to %d"
                        .formatted(expiration, ComposedMessage.MAX_TTL_MS));
    }

    /// The routing key, and those that the headers `CC` and `BCC` add.
    private static Set<String> keys(ComposedMessage message) {
        Set<String> keys = new LinkedHashSet<>();
        keys.add(message.routingKey());
        for (String header : new String[] {"CC", "BCC"}) {
            if (message.get().get(header) instanceof List<?> more) {
                more.forEach(
                        key -> {
                            if (key instanceof String text) {
                                keys.add(text);
                            }
                        });
            }
        }
        return keys;
    }

    static List<QueueView> route(VhostView vhost, ExchangeView exchange, ComposedMessage message) {
        Set<QueueView> targets = new LinkedHashSet<>();
        for (String key : keys(message)) {
            vhost.route(exchange, key, message, targets);
        }
        return new ArrayList<>(targets);
    }
}
