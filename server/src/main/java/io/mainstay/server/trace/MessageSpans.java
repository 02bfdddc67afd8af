package io.mainstay.server.trace;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.MessageSpan;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.HeaderText;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.StoredMessage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Spans of messages, named by OpenTelemetry's conventions for messaging. They say nothing of brokers: here the node is who receives a publish (kind CONSUMER) and
/// sends a delivery (kind PRODUCER), as other brokers that trace themselves have it.
final class MessageSpans implements MessageTraces {

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION =
            AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE =
            AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION =
            AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> ROUTING_KEY =
            AttributeKey.stringKey("messaging.rabbitmq.destination.routing_key");
    private static final AttributeKey<Long> DELIVERY_TAG =
            AttributeKey.longKey("messaging.rabbitmq.message.delivery_tag");
    private static final AttributeKey<Long> BODY_SIZE =
            AttributeKey.longKey("messaging.message.body.size");
    private static final AttributeKey<String> MESSAGE_ID =
            AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<String> CORRELATION_ID =
            AttributeKey.stringKey("messaging.message.conversation_id");
    private static final AttributeKey<String> VHOST = AttributeKey.stringKey("mainstay.vhost");
    private static final AttributeKey<String> EXCHANGE =
            AttributeKey.stringKey("mainstay.exchange");
    private static final AttributeKey<String> QUEUE = AttributeKey.stringKey("mainstay.queue");
    private static final AttributeKey<Boolean> REDELIVERED =
            AttributeKey.booleanKey("mainstay.redelivered");
    private static final AttributeKey<String> DEATH_REASON =
            AttributeKey.stringKey("mainstay.dead_letter.reason");
    static final AttributeKey<String> DEAD_LETTER_EXCHANGE =
            AttributeKey.stringKey("mainstay.dead_letter.exchange");

    private final SpanSource source;

    MessageSpans(SpanSource source) {
        this.source = source;
    }

    @Override
    public @Nullable MessageSpan publish(String vhost, OutgoingMessage message) {
        ByteBuffer properties = message.properties();
        Context parent = source.parent(properties, Headers.GETTER);
        if (parent == null) {
            return null;
        }
        String exchange = message.exchange();
        String key = message.routingKey();
        SpanBuilder span =
                begin(
                        "publish",
                        "receive",
                        SpanKind.CONSUMER,
                        destination(exchange, key, ""),
                        parent);
        describe(span, vhost, exchange, key, properties, message.bodyBytes());
        return started(span, null);
    }

    @Override
    public @Nullable MessageSpan deliver(
            QueueView queue, Delivery delivery, String method, long tag) {
        SpanBuilder span = ofQueue(method, "send", SpanKind.PRODUCER, queue, delivery.message());
        if (span == null) {
            return null;
        }
        span.setAttribute(DELIVERY_TAG, tag);
        span.setAttribute(REDELIVERED, delivery.redelivered());
        return started(span, queue.settings().deadLetterExchange());
    }

    @Override
    public @Nullable MessageSpan die(QueueView queue, StoredMessage message, String reason) {
        SpanBuilder span = ofQueue("dead-letter", "send", SpanKind.INTERNAL, queue, message);
        if (span == null) {
            return null;
        }
        span.setAttribute(DEATH_REASON, reason);
        String exchange = queue.settings().deadLetterExchange();
        if (exchange != null) {
            span.setAttribute(DEAD_LETTER_EXCHANGE, exchange);
        }
        return started(span, null);
    }

    private @Nullable SpanBuilder ofQueue(
            String operation, String type, SpanKind kind, QueueView queue, StoredMessage message) {
        ByteBuffer properties = message.storedProperties();
        Context parent = source.parent(properties, Headers.GETTER);
        if (parent == null) {
            return null;
        }
        String exchange = message.exchange();
        String key = message.routingKey();
        SpanBuilder span =
                begin(operation, type, kind, destination(exchange, key, queue.name()), parent);
        describe(span, queue.vhost(), exchange, key, properties, message.bodyBytes());
        return span.setAttribute(QUEUE, queue.name());
    }

    private SpanBuilder begin(
            String operation, String type, SpanKind kind, String destination, Context parent) {
        return source.span(operation + " " + destination, kind, parent)
                .setAttribute(SYSTEM, "rabbitmq")
                .setAttribute(OPERATION, operation)
                .setAttribute(OPERATION_TYPE, type)
                .setAttribute(DESTINATION, destination);
    }

    private static void describe(
            SpanBuilder span,
            String vhost,
            String exchange,
            String key,
            ByteBuffer properties,
            int bodyBytes) {
        span.setAttribute(VHOST, vhost).setAttribute(BODY_SIZE, (long) bodyBytes);
        present(span, EXCHANGE, exchange);
        present(span, ROUTING_KEY, key);
        try {
            MessageProperties read = MessageProperties.ofStored(properties);
            present(span, MESSAGE_ID, read.messageId());
            present(span, CORRELATION_ID, read.correlationId());
        } catch (FieldTableException impossible) {
            throw new IllegalStateException("properties were checked before", impossible);
        }
    }

    private static void present(
            SpanBuilder span, AttributeKey<String> key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            span.setAttribute(key, value);
        }
    }

    private @Nullable MessageSpan started(SpanBuilder builder, @Nullable String letters) {
        Span span = source.start(builder);
        return span == null ? null : new OpenMessageSpan(span, letters);
    }

    /// As the conventions name RabbitMQ's destinations: what is not empty, joined by colons; a queue that is called as the routing key is not named twice.
    static String destination(String exchange, String key, String queue) {
        List<String> parts =
                Stream.of(exchange, key, queue.equals(key) ? "" : queue)
                        .filter(part -> !part.isEmpty())
                        .toList();
        return parts.isEmpty() ? "amq.default" : parts.stream().collect(Collectors.joining(":"));
    }

    /// Reads the headers of a message where they stand.
    enum Headers implements TextMapGetter<ByteBuffer> {
        GETTER;

        private static final byte[] PARENT = "traceparent".getBytes(StandardCharsets.ISO_8859_1);

        @Override
        public Iterable<String> keys(ByteBuffer properties) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable ByteBuffer properties, String name) {
            if (properties == null) {
                return null;
            }
            return HeaderText.of(
                    properties,
                    name.equals("traceparent")
                            ? PARENT
                            : name.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
