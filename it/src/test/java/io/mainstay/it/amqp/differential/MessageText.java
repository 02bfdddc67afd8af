package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Everything of a message that a client sees, as one line.
final class MessageText {

    /// Of a dead letter: when it died is each broker's own, and RabbitMQ 3.10 does not know the last death yet.
    private static final Set<String> NOT_COMPARED =
            Set.of("time", "x-last-death-exchange", "x-last-death-queue", "x-last-death-reason");

    /// All that RabbitMQ 3.10 adds to a message of a quorum queue that has no headers.
    private static final Map<String, Object> NO_DELIVERIES = Map.of("x-delivery-count", 0L);

    private MessageText() {}

    /// A count of no deliveries is said by RabbitMQ 3.10 and not by later ones.
    private static boolean isCompared(Map.Entry<?, ?> entry) {
        return !NOT_COMPARED.contains(entry.getKey()) && !NO_DELIVERIES.entrySet().contains(entry);
    }

    static String of(
            String exchange,
            String key,
            boolean redelivered,
            BasicProperties properties,
            byte[] body) {
        return "%s from '%s' with '%s'%s %s"
                .formatted(
                        new String(body, StandardCharsets.UTF_8),
                        exchange,
                        key,
                        redelivered ? " again" : "",
                        properties(properties));
    }

    private static Map<String, String> properties(BasicProperties properties) {
        Map<String, String> said = new TreeMap<>();
        put(said, "type", properties.getContentType());
        put(said, "encoding", properties.getContentEncoding());
        Map<String, Object> headers = properties.getHeaders();
        if (headers != null && !(headers.equals(NO_DELIVERIES))) {
            said.put("headers", value(headers));
        }
        put(said, "mode", properties.getDeliveryMode());
        put(said, "priority", properties.getPriority());
        put(said, "correlation", properties.getCorrelationId());
        put(said, "reply-to", properties.getReplyTo());
        put(said, "expiration", properties.getExpiration());
        put(said, "id", properties.getMessageId());
        put(said, "timestamp", properties.getTimestamp());
        put(said, "kind", properties.getType());
        put(said, "user", properties.getUserId());
        put(said, "app", properties.getAppId());
        return said;
    }

    private static void put(Map<String, String> said, String name, @Nullable Object value) {
        if (value != null) {
            said.put(name, value(value));
        }
    }

    /// With the type that the client has got it in, where that can be more than one.
    static String value(@Nullable Object value) {
        return switch (value) {
            case null -> "void";
            case LongString text -> "'" + text + "'";
            case String text -> "'" + text + "'";
            case Date date -> "at " + date.getTime();
            case byte[] bytes -> "0x" + HexFormat.of().formatHex(bytes);
            case Boolean bool -> bool.toString();
            case Map<?, ?> table ->
                    new TreeMap<>(table)
                            .entrySet().stream()
                                    .filter(entry -> isCompared(entry))
                                    .map(entry -> entry.getKey() + "=" + value(entry.getValue()))
                                    .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list ->
                    list.stream()
                            .map(MessageText::value)
                            .collect(Collectors.joining(", ", "[", "]"));
            default -> value + ":" + value.getClass().getSimpleName();
        };
    }
}
