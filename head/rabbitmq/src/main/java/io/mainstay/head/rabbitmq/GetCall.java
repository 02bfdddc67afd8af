package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
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

/// Takes messages from a queue, one after the other, and shows them. All are held until the last one is there: otherwise one that goes back would come
/// again. Lives on one event loop, for one request.
final class GetCall {

    /// What becomes of the messages.
    enum AckMode {
        ACK_REQUEUE_TRUE(Settlement.REQUEUE),
        ACK_REQUEUE_FALSE(Settlement.ACK),
        REJECT_REQUEUE_TRUE(Settlement.REQUEUE),
        REJECT_REQUEUE_FALSE(Settlement.REJECT);

        private final Settlement settlement;

        AckMode(Settlement settlement) {
            this.settlement = settlement;
        }
    }

    /// @param count messages at most
    /// @param base64 whether bodies that are text are shown as base64 too
    /// @param truncate bytes of a body that are shown, -1: all
    record Wish(int count, AckMode mode, boolean base64, int truncate) {}

    /// Bodies that are shown in one answer; fewer messages than asked for come then.
    private static final long MAX_SHOWN_BYTES = 32L << 20;

    private final RabbitRequest request;
    private final QueueView queue;
    private final Wish wish;
    private final QueueSession session;
    private final List<Long> held = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> shown = new ArrayList<>();
    private long shownBytes;

    private GetCall(RabbitRequest request, QueueView queue, Wish wish) {
        this.request = request;
        this.queue = queue;
        this.wish = wish;
        this.session = QueueCalls.open(request);
    }

    static void start(RabbitRequest request, QueueView queue, Wish wish) {
        new GetCall(request, queue, wish).next();
    }

    private void next() {
        if (shown.size() == wish.count() || shownBytes >= MAX_SHOWN_BYTES) {
            finish();
        } else {
            session.get(queue, false, request.here(this::got));
        }
    }

    private void got(GetOutcome outcome) throws RefusedException {
        switch (outcome) {
            case GetOutcome.Got(Delivery delivery, long readyLeft) -> {
                held.add(delivery.sequence());
                show(delivery, readyLeft);
                next();
            }
            case GetOutcome.Empty empty -> finish();
            case GetOutcome.Failed(var reason, String message) -> {
                session.close();
                throw Outcomes.refused(reason, message);
            }
        }
    }

    private void show(Delivery delivery, long readyLeft) {
        StoredMessage message = delivery.message();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("payload_bytes", message.bodyBytes());
        fields.put("redelivered", delivery.redelivered());
        fields.put("exchange", message.exchange());
        fields.put("routing_key", message.routingKey());
        fields.put("message_count", readyLeft);
        fields.put("properties", properties(message));
        ByteBuffer body = message.body();
        if (wish.truncate() >= 0 && body.remaining() > wish.truncate()) {
            body.limit(body.position() + wish.truncate());
        }
        shownBytes += body.remaining();
        String text = wish.base64() ? null : text(body.duplicate());
        fields.put("payload", text == null ? base64(body) : text);
        fields.put("payload_encoding", text == null ? "base64" : "string");
        shown.add(fields);
    }

    private static Map<String, @Nullable Object> properties(StoredMessage message) {
        try {
            return PropertiesJson.json(MessageProperties.of(message.properties()));
        } catch (FieldTableException broken) {
            throw new IllegalStateException("a kept message has no readable properties", broken);
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
            session.settleGot(queue, sequence, wish.mode().settlement);
        }
        session.close();
        request.answer(200, shown);
    }
}
