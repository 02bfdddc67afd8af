package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView.Operation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Publishing to an exchange and taking from a queue.
final class MessageCalls {

    private static final int BODY_BYTES = 64 << 10;
    private static final int MAX_COUNT = 10_000;

    private MessageCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.post(
                        "/api/exchanges/{vhost}/{exchange}/publish",
                        Need.MANAGEMENT,
                        PublishCall::publish),
                Route.post("/api/queues/{vhost}/{queue}/get", Need.MANAGEMENT, MessageCalls::get));
    }

    private static void get(RabbitRequest request) throws RefusedException {
        if (request.vhost().queue(request.name("queue")) == null) {
            throw RefusedException.notFound(
                    "NOT_FOUND - no queue '%s' in vhost '%s'"
                            .formatted(request.name("queue"), request.name(Route.VHOST)));
        }
        request.needs(Operation.READ, request.name("queue"));
        request.body(
                BODY_BYTES,
                body -> {
                    QueueView queue = QueueCalls.notExclusive(QueueCalls.queue(request));
                    String encoding = body.needed("encoding");
                    if (!encoding.equals("auto") && !encoding.equals("base64")) {
                        throw RefusedException.bad(
                                "encoding is '%s', allowed: auto, base64".formatted(encoding));
                    }
                    if (body.node("count") == null) {
                        throw RefusedException.bad("key_missing: count");
                    }
                    GetCall.start(
                            request,
                            queue,
                            new GetCall.Wish(
                                    (int) body.number("count", 0, MAX_COUNT, 1),
                                    mode(body),
                                    encoding.equals("base64"),
                                    (int) body.number("truncate", 0, Integer.MAX_VALUE, -1)));
                });
    }

    /// `requeue` is how it was said before RabbitMQ 3.7.
    private static GetCall.AckMode mode(Body body) throws RefusedException {
        if (body.node("ackmode") == null && body.node("requeue") != null) {
            return body.truth("requeue", true)
                    ? GetCall.AckMode.ACK_REQUEUE_TRUE
                    : GetCall.AckMode.ACK_REQUEUE_FALSE;
        }
        String word = body.needed("ackmode");
        for (GetCall.AckMode mode : GetCall.AckMode.values()) {
            if (Shapes.lower(mode).equals(word)) {
                return mode;
            }
        }
        throw RefusedException.bad(
                "ackmode is '%s', allowed: %s"
                        .formatted(
                                word,
                                Arrays.stream(GetCall.AckMode.values())
                                        .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }
}
