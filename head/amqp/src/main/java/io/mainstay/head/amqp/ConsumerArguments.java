package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the arguments of `basic.consume`.
final class ConsumerArguments {

    private static final String PRIORITY = "x-priority";
    private static final String OFFSET = "x-stream-offset";
    private static final Pattern INTERVAL = Pattern.compile("([0-9]{1,9})([YMDhms])");

    private ConsumerArguments() {}

    static int priority(QueueView queue, FieldTable arguments) throws AmqpException {
        Object value = arguments.get(PRIORITY);
        if (value == null) {
            return 0;
        }
        Long number = number(value);
        if (number == null) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg '%s' for queue '%s' in vhost '%s': \"expected integer, got %s\""
                            .formatted(
                                    PRIORITY, queue.name(), queue.vhost(), FieldTypes.name(value)));
        }
        return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /// What RabbitMQ asks of consumers of a stream.
    static void checkStream(QueueView queue, boolean autoAck, int prefetch) throws AmqpException {
        if (queue.type() != QueueView.Type.STREAM) {
            return;
        }
        String shown = "queue '%s' in vhost '%s'".formatted(queue.name(), queue.vhost());
        if (autoAck) {
            throw new AmqpException(
                    ReplyCode.NOT_IMPLEMENTED,
                    "automatic acknowledgement not supported by stream " + shown);
        }
        if (prefetch == 0) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "consumer prefetch count is not set for stream " + shown);
        }
    }

    /// @param nowMs Unix time from which intervals count back
    static StreamOffset offset(FieldTable arguments, long nowMs) throws AmqpException {
        Object value = arguments.get(OFFSET);
        return switch (value) {
            case null -> new StreamOffset.Next();
            case String text -> offset(text, nowMs);
            case FieldValue.Timestamp(long seconds) -> new StreamOffset.Since(seconds * 1000);
            default -> {
                Long number = number(value);
                if (number == null || number < 0) {
                    throw invalid();
                }
                yield new StreamOffset.At(number);
            }
        };
    }

    private static StreamOffset offset(String text, long nowMs) throws AmqpException {
        return switch (text) {
            case "first" -> new StreamOffset.First();
            case "last" -> new StreamOffset.Last();
            case "next" -> new StreamOffset.Next();
            default -> {
                Matcher interval = INTERVAL.matcher(text);
                if (!interval.matches()) {
                    throw invalid();
                }
                long seconds = Long.parseLong(interval.group(1)) * unitSeconds(interval.group(2));
                yield new StreamOffset.Since(Math.max(0, nowMs - seconds * 1000));
            }
        };
    }

    private static long unitSeconds(String unit) {
        return switch (unit) {
            case "Y" -> 365L * 86_400;
            case "M" -> 30L * 86_400;
            case "D" -> 86_400;
            case "h" -> 3600;
            case "m" -> 60;
            default -> 1;
        };
    }

    private static AmqpException invalid() {
        return new AmqpException(
                ReplyCode.PRECONDITION_FAILED,
                "invalid arg '%s': allowed are first, last, next, an offset, a timestamp, or an interval such as 2h"
                        .formatted(OFFSET));
    }

    private static @Nullable Long number(Object value) {
        return switch (value) {
            case Byte n -> n.longValue();
            case Short n -> n.longValue();
            case Integer n -> n.longValue();
            case Long n -> n;
            case FieldValue.UnsignedByte(int n) -> (long) n;
            case FieldValue.UnsignedShort(int n) -> (long) n;
            case FieldValue.UnsignedInt(long n) -> n;
            default -> null;
        };
    }
}
