package io.mainstay.messaging.queue.simulation;

import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.message.DelayHeader;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.PublishId;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// A message whose body says which one it is: the rest of it follows from that.
///
/// @param queues ids of those that it may be found in, as it was sent, dead or after its delay
/// @param delayMs 0: none
record SentMessage(
        long id,
        int size,
        long publisher,
        Set<Long> queues,
        String exchange,
        String routingKey,
        long delayMs,
        int priority,
        @Nullable PublishId publishId)
        implements OutgoingMessage {

    byte[] body() {
        ByteBuffer body = ByteBuffer.allocate(Long.BYTES + size);
        new SplittableRandom(id).nextBytes(body.array());
        return body.putLong(0, id).array();
    }

    FieldTable headers() {
        return delayMs == 0 ? FieldTable.EMPTY : new FieldTable(Map.of(DelayHeader.NAME, delayMs));
    }

    @Override
    public ByteBuffer properties() {
        // What is delayed or dead is passed on as persistent as it says of itself.
        MessageProperties persistent = MessageProperties.NONE.withDeliveryMode(2);
        return (delayMs == 0 ? persistent : persistent.withHeaders(headers())).bytes();
    }

    @Override
    public int bodyBytes() {
        return Long.BYTES + size;
    }

    @Override
    public void copyBody(ByteBuffer target) {
        target.put(body());
    }

    @Override
    public long ttlMs() {
        return -1;
    }

    @Override
    public boolean persistent() {
        return true;
    }
}
