package io.mainstay.head.amqp;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.MessageSpan;
import io.mainstay.messaging.api.MessageSpan.Outcome;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;

/// The spans of a channel's deliveries until they are settled, by delivery tag. Event loop only.
final class DeliverySpans {

    private final MessageTraces traces;
    private final LongObjectMap<MessageSpan> unsettled = new LongObjectHashMap<>();

    DeliverySpans(MessageTraces traces) {
        this.traces = traces;
    }

    /// @param method see [MessageTraces#deliver]
    /// @param autoAck it is settled already
    void handedOut(QueueView queue, Delivery delivery, String method, long tag, boolean autoAck) {
        MessageSpan span = traces.deliver(queue, delivery, method, tag);
        if (span == null) {
            return;
        }
        if (autoAck) {
            span.end(Outcome.AUTO_ACKED);
        } else {
            unsettled.put(tag, span);
        }
    }

    void settled(long tag, Settlement settlement) {
        MessageSpan span = unsettled.remove(tag);
        if (span != null) {
            span.end(
                    switch (settlement) {
                        case ACK -> Outcome.ACKED;
                        case REQUEUE -> Outcome.REQUEUED;
                        case REJECT -> Outcome.REJECTED;
                    });
        }
    }

    /// The channel ends: what it has not settled goes back.
    void end() {
        unsettled.values().forEach(span -> span.end(Outcome.REQUEUED));
        unsettled.clear();
    }
}
