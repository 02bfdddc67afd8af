package io.mainstay.head.amqp;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;

import java.nio.ByteBuffer;

/// Properties as a consumer sees them: those that were stored, and what RabbitMQ adds for the type of the queue.
final class DeliveryProperties {

    private static final String DELIVERY_COUNT = "x-delivery-count";
    private static final String STREAM_OFFSET = "x-stream-offset";

    private DeliveryProperties() {}

    static ByteBuffer of(QueueView queue, Delivery delivery) {
        ByteBuffer stored = delivery.message().properties();
        return switch (queue.type()) {
            case CLASSIC -> stored;
            case QUORUM ->
                    delivery.returns() == 0
                            ? stored
                            : with(stored, DELIVERY_COUNT, delivery.returns());
            case STREAM -> with(stored, STREAM_OFFSET, delivery.sequence());
        };
    }

    private static ByteBuffer with(ByteBuffer stored, String header, long value) {
        try {
            return MessageProperties.of(stored).withHeader(header, value).bytes();
        } catch (FieldTableException impossible) {
            throw new IllegalStateException(
                    "properties were checked when they were published", impossible);
        }
    }
}
