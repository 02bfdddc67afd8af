package io.mainstay.head.http;

import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.StoredMessage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Moves messages from one queue to another, in their order, some at a time: they are taken, published to the target, and settled in the source when the target
/// has them durably. What the target does not confirm goes back to its place, and the move ends. A crash in between leaves a message in both queues,
/// and never in none.
///
/// No more are moved than were ready at the beginning, so that a target whose messages come back does not keep it going. Lives on one event loop, for
/// one request.
final class MessageMover {

    /// Messages in one call; who wants more calls again.
    static final int MAX_COUNT = 10_000;

    /// Bodies in one call, after which no further batch is begun: an answer comes in seconds.
    private static final long MAX_CALL_BYTES = 64L << 20;

    private static final int BATCH = 200;

    /// Bodies that are in hand at a time, but for one that is larger itself.
    private static final long BATCH_BYTES = 4L << 20;

    private final AdminRequest request;
    private final QueueSession session;
    private final QueueView source;
    private final QueueView target;
    private final List<Delivery> batch = new ArrayList<>();
    private long batchBytes;
    private long ready;
    private long left;
    private long moved;
    private long movedBytes;
    private int unanswered;
    private boolean empty;
    private String stopped = "";

    private MessageMover(
            AdminRequest request, QueueSession session, QueueView source, QueueView target) {
        this.request = request;
        this.session = session;
        this.source = source;
        this.target = target;
    }

    static void start(
            AdminRequest request,
            QueueSession session,
            QueueView source,
            QueueView target,
            int limit) {
        MessageMover mover = new MessageMover(request, session, source, target);
        session.inspect(
                source,
                stats -> {
                    mover.ready = stats.ready();
                    mover.left = Math.min(limit, stats.ready());
                    mover.nextBatch();
                },
                refused -> {
                    session.close();
                    MessagingDoor.refused(request, refused.reason(), refused.message());
                });
    }

    private void nextBatch() {
        batch.clear();
        batchBytes = 0;
        // Nobody waits for the answer any more: what is moved so far stays so.
        boolean gone = request.http().response().closed();
        if (left == 0 || empty || gone || !stopped.isEmpty() || movedBytes >= MAX_CALL_BYTES) {
            finish();
        } else {
            takeNext();
        }
    }

    private void takeNext() {
        if (batch.size() < Math.min(BATCH, left) && batchBytes < BATCH_BYTES && !empty) {
            session.get(source, false, this::taken);
        } else if (batch.isEmpty()) {
            finish();
        } else {
            publish();
        }
    }

    private void taken(GetOutcome outcome) {
        switch (outcome) {
            case GetOutcome.Got(Delivery delivery, long readyLeft) -> {
                batch.add(delivery);
                batchBytes += delivery.message().bodyBytes();
            }
            case GetOutcome.Empty none -> empty = true;
            case GetOutcome.Failed(var reason, String message) -> {
                empty = true;
                stopped = message;
            }
        }
        takeNext();
    }

    private void publish() {
        unanswered = batch.size();
        for (int i = 0; i < batch.size(); i++) {
            session.publish(copy(batch.get(i).message()), List.of(target), this::published, i);
        }
        session.flush();
    }

    /// The message as it stands, for one queue and not for whoever else its exchange would reach.
    private static ComposedMessage copy(StoredMessage message) {
        MessageProperties properties = MessageJson.properties(message);
        byte[] body = new byte[message.bodyBytes()];
        message.body().get(body);
        return new ComposedMessage(
                message.exchange(),
                message.routingKey(),
                properties,
                body,
                ttlMs(properties.expiration()),
                null);
    }

    /// Its time to live begins anew.
    private static long ttlMs(@Nullable String expiration) {
        // Whoever published it was held to a number.
        return expiration == null ? -1 : Long.parseLong(expiration);
    }

    private void published(long index, PublishOutcome outcome) {
        Delivery delivery = batch.get((int) index);
        switch (outcome) {
            case CONFIRMED -> {
                session.settleGot(source, delivery.sequence(), Settlement.ACK);
                moved++;
                left--;
                movedBytes += delivery.message().bodyBytes();
            }
            case REJECTED -> giveBack(delivery, "the target is full and refuses messages");
            case FAILED -> giveBack(delivery, "it is not known whether the target has the next");
        }
        unanswered--;
        if (unanswered == 0) {
            nextBatch();
        }
    }

    private void giveBack(Delivery delivery, String why) {
        session.settleGot(source, delivery.sequence(), Settlement.REQUEUE);
        stopped = why;
    }

    private void finish() {
        session.close();
        Audit.note(
                request.principal(),
                "moving messages from queue %s to %s".formatted(source.name(), target.name()),
                moved + " moved" + (stopped.isEmpty() ? "" : ", then " + stopped));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("moved", moved);
        fields.put("ready", ready);
        fields.put("stopped", stopped);
        request.answer(200, fields);
    }
}
