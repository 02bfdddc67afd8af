package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTypes;
import io.mainstay.messaging.message.FieldValue;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the arguments of `basic.consume`.
final class ConsumerArguments {

    private static final String PRIORITY = "x-priority";
    private static final String FAILOVER = "x-cancel-on-ha-failover";
    private static final String OFFSET = "x-stream-offset";
    private static final Pattern INTERVAL = Pattern.compile("([0-9]{1,9})([YMDhms])");

    /// Beyond any clock, and far from an overflow in milliseconds.
    private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000;

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

    /// Means nothing here, where no consumer hears of another leader.
    static void checkFailover(QueueView queue, FieldTable arguments) throws AmqpException {
        Object value = arguments.get(FAILOVER);
        if (value != null && !(value instanceof Boolean)) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg '%s' for %s: {unacceptable_type,%s}"
                            .formatted(FAILOVER, Names.shown(queue), FieldTypes.name(value)));
        }
    }

    /// What RabbitMQ asks of consumers of a stream, in its words.
    static void checkStream(QueueView queue, boolean autoAck, int prefetch, FieldTable arguments)
            throws AmqpException {
        if (queue.type() != QueueView.Type.STREAM) {
            return;
        }
        String shown = Names.shown(queue);
        if (arguments.get(PRIORITY) != null) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg '%s' for %s of queue type rabbit_stream_queue"
                            .formatted(PRIORITY, shown));
        }
        if (prefetch == 0) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "consumer prefetch count is not set for '%s'".formatted(shown));
        }
        if (autoAck) {
            throw Names.notOfStreams("automatic acknowledgement", queue);
        }
    }

    /// Where a consumer begins; of no meaning for a queue that is no stream.
    ///
    /// @param nowMs Unix time from which intervals count back
    static StreamOffset offset(QueueView queue, FieldTable arguments, long nowMs)
            throws AmqpException {
        Object value = arguments.get(OFFSET);
        if (value == null || queue.type() != QueueView.Type.STREAM) {
            return new StreamOffset.Next();
        }
        StreamOffset offset =
                switch (value) {
                    case String text -> offset(text, nowMs);
                    case FieldValue.Timestamp(long seconds) ->
                            new StreamOffset.Since(Math.clamp(seconds, 0, MOST_SECONDS) * 1_000);
                    default -> {
                        Long number = number(value);
                        yield number == null ? null : new StreamOffset.At(number);
                    }
                };
        if (offset == null) {
            String wrong =
                    value instanceof String text
                            ? "{invalid_stream_offset_arg,{longstr,<<\"%s\">>}}".formatted(text)
                            : "allowed are first, last, next, an offset, a timestamp, or an interval such as 2h";
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid arg '%s' for %s: %s".formatted(OFFSET, Names.shown(queue), wrong));
        }
        return offset;
    }

    private static @Nullable StreamOffset offset(String text, long nowMs) {
        return switch (text) {
            case "first" -> new StreamOffset.First();
            case "last" -> new StreamOffset.Last();
            case "next" -> new StreamOffset.Next();
            default -> {
                Matcher interval = INTERVAL.matcher(text);
                if (!interval.matches()) {
                    yield null;
                }
                long seconds = Long.parseLong(interval.group(1)) * unitSeconds(interval.group(2));
                long ms = Math.min(seconds, MOST_SECONDS) * 1000;
                yield new StreamOffset.Since(Math.max(0, nowMs - ms));
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
