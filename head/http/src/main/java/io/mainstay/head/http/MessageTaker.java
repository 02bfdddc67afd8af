package io.mainstay.head.http;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Takes messages one after the other, and settles them when all are there to be shown. Lives on one event loop, for one request.
final class MessageTaker {

    static final int MAX_COUNT = 1_000;

    /// Bodies in one answer; fewer messages than asked for come then.
    private static final long MAX_SHOWN_BYTES = 16L << 20;

    /// Queues of the command `tail`: copies, taken several times a second.
    private static final String COPIES = "mainstay.tail.";

    private final AdminRequest request;
    private final QueueSession session;
    private final QueueView queue;
    private final int count;
    private final List<Long> held = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> shown = new ArrayList<>();
    private long shownBytes;

    private MessageTaker(AdminRequest request, QueueSession session, QueueView queue, int count) {
        this.request = request;
        this.session = session;
        this.queue = queue;
        this.count = count;
    }

    static void start(AdminRequest request, QueueSession session, QueueView queue, int count) {
        new MessageTaker(request, session, queue, count).next();
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
                if (queue.type() == QueueView.Type.STREAM) {
                    request.error(
                            409,
                            reason.name(),
                            "messages are not taken out of a stream: '%s' keeps them for all readers"
                                    .formatted(queue.name()),
                            "a look at them (peek)");
                } else {
                    MessagingDoor.refused(request, reason, message);
                }
            }
        }
    }

    private void show(Delivery delivery) {
        shownBytes += delivery.message().bodyBytes();
        shown.add(MessageJson.of(delivery, Integer.MAX_VALUE));
    }

    private void finish() {
        for (long sequence : held) {
            session.settleGot(queue, sequence, Settlement.ACK);
        }
        session.close();
        if (!shown.isEmpty() && !queue.name().startsWith(COPIES)) {
            Audit.note(
                    request.principal(),
                    "taking messages of queue " + queue.name(),
                    "done, " + shown.size() + " messages");
        }
        request.answer(200, Map.of("items", shown));
    }
}
