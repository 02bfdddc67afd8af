package io.mainstay.head.http;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.MessageProperties.Property;
import io.mainstay.messaging.message.StoredMessage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes messages one after the other and settles them together: one that goes back before the last is there would come again. Lives on one event loop,
/// for one request.
final class MessageTaker {

    static final int MAX_COUNT = 1_000;

    /// Bodies in one answer; fewer messages than asked for come then.
    private static final long MAX_SHOWN_BYTES = 16L << 20;

    private final AdminRequest request;
    private final QueueSession session;
    private final QueueView queue;
    private final int count;
    private final Settlement settlement;
    private final List<Long> held = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> shown = new ArrayList<>();
    private long shownBytes;

    private MessageTaker(
            AdminRequest request,
            QueueSession session,
            QueueView queue,
            int count,
            Settlement settlement) {
        this.request = request;
        this.session = session;
        this.queue = queue;
        this.count = count;
        this.settlement = settlement;
    }

    static void start(
            AdminRequest request,
            QueueSession session,
            QueueView queue,
            int count,
            Settlement settlement) {
        new MessageTaker(request, session, queue, count, settlement).next();
    }

    private void next() {
        if (shown.size() == count || shownBytes >= MAX_SHOWN_BYTES) {
            finish();
        } else {
            session.get(queue, false, this::got);
        }
    }

    private void got(GetOutcome outcome) {
        switch (outcome) {
            case GetOutcome.Got(Delivery delivery, long readyLeft) -> {
                held.add(delivery.sequence());
                show(delivery);
                next();
            }
            case GetOutcome.Empty empty -> finish();
            case GetOutcome.Failed(var reason, String message) -> {
                session.close();
                MessagingDoor.refused(request, reason, message);
            }
        }
    }

    private void show(Delivery delivery) {
        StoredMessage message = delivery.message();
        ByteBuffer body = message.body();
        shownBytes += body.remaining();
        String text = text(body.duplicate());
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("exchange", message.exchange());
        fields.put("routingKey", message.routingKey());
        fields.put("redelivered", delivery.redelivered());
        fields.put("bytes", message.bodyBytes());
        properties(fields, message);
        fields.put("payload", text == null ? base64(body) : text);
        fields.put("encoding", text == null ? "base64" : "text");
        shown.add(fields);
    }

    private static void properties(Map<String, @Nullable Object> fields, StoredMessage message) {
        MessageProperties properties;
        try {
            properties = MessageProperties.of(message.properties());
        } catch (FieldTableException broken) {
            throw new IllegalStateException("a kept message has no readable properties", broken);
        }
        for (Property property : Property.values()) {
            if (properties.has(property)) {
                fields.put(
                        MessageCalls.camel(property.shown()),
                        switch (property.form()) {
                            case TEXT -> properties.text(property);
                            case TABLE -> TableJson.json(properties.headers());
                            case TIME -> properties.timestamp();
                            case OCTET ->
                                    property == Property.PRIORITY
                                            ? properties.priority()
                                            : properties.deliveryMode();
                        });
            }
        }
    }

    private static @Nullable String text(ByteBuffer body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(body).toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    private static String base64(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private void finish() {
        for (long sequence : held) {
            session.settleGot(queue, sequence, settlement);
        }
        session.close();
        request.answer(200, Map.of("items", shown));
    }
}
