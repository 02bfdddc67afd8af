package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.api.QueueView.Type;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The arguments of `queue.declare` that RabbitMQ knows: which type of queue takes them, and what they may be. An argument that a type does not take is
/// refused if another type takes it; names that no type knows are kept and mean nothing.
///
/// @param types that take it
/// @param check of the value
public record QueueArgument(String name, Set<Type> types, Check check) {

    public static final String TYPE = "x-queue-type";

    private static final long MAX_STREAM_SEGMENT_BYTES = 3_000_000_000L;
    private static final Set<Type> ALL = EnumSet.allOf(Type.class);
    private static final Set<Type> NO_STREAM = EnumSet.of(Type.CLASSIC, Type.QUORUM);
    private static final Set<Type> CLASSIC = EnumSet.of(Type.CLASSIC);
    private static final Set<Type> QUORUM = EnumSet.of(Type.QUORUM);
    private static final Set<Type> STREAM = EnumSet.of(Type.STREAM);

    /// RabbitMQ has a list for each type; in that of quorum queues these come first, in this order.
    private static final List<String> QUORUM_ORDER =
            List.of(
                    "x-dead-letter-exchange",
                    "x-dead-letter-routing-key",
                    "x-dead-letter-strategy",
                    "x-expires",
                    "x-max-length",
                    "x-max-length-bytes",
                    "x-max-in-memory-length",
                    "x-max-in-memory-bytes",
                    "x-overflow",
                    "x-single-active-consumer",
                    TYPE,
                    "x-quorum-initial-group-size",
                    "x-delivery-limit",
                    "x-message-ttl",
                    "x-queue-leader-locator");

    private static final Map<String, QueueArgument> BY_NAME = new LinkedHashMap<>();
    private static final Map<Type, List<String>> KNOWN = new EnumMap<>(Type.class);

    static {
        know("x-expires", NO_STREAM, Checks::expiry);
        know("x-message-ttl", NO_STREAM, Checks::ttl);
        know("x-dead-letter-exchange", NO_STREAM, Checks::text);
        know("x-dead-letter-routing-key", NO_STREAM, Checks::deadLetterKey);
        know(
                "x-dead-letter-strategy",
                QUORUM,
                Checks.oneOf("invalid_dlx_strategy", "at-most-once", "at-least-once"));
        know("x-max-length", NO_STREAM, Checks::notNegative);
        know("x-max-length-bytes", ALL, Checks::notNegative);
        know("x-max-in-memory-length", QUORUM, Checks::notNegative);
        know("x-max-in-memory-bytes", QUORUM, Checks::notNegative);
        know("x-max-priority", CLASSIC, Checks::priority);
        know(
                "x-overflow",
                NO_STREAM,
                Checks.oneOf(
                        "invalid_overflow", "drop-head", "reject-publish", "reject-publish-dlx"));
        // Means nothing for a stream, which takes it all the same.
        know("x-queue-mode", EnumSet.of(Type.CLASSIC, Type.STREAM), Checks::mode);
        know("x-queue-version", CLASSIC, Checks::version);
        know("x-single-active-consumer", NO_STREAM, Checks::flag);
        know(TYPE, ALL, Checks::anything);
        know("x-queue-master-locator", CLASSIC, Checks::anything);
        // Since 4.3 for quorum queues only, before for all; a reader of a stream has time.
        know("x-consumer-timeout", ALL, Checks::notNegative);
        know("x-consumer-disconnected-timeout", QUORUM, Checks::notNegative);
        know("x-quorum-initial-group-size", QUORUM, Checks::positive);
        know("x-member-placement-tag", QUORUM, Checks::text);
        know("x-delivery-limit", QUORUM, Checks::integer);
        know("x-delayed-retry-type", QUORUM, Checks::anything);
        know("x-delayed-retry-min", QUORUM, Checks::anything);
        know("x-delayed-retry-max", QUORUM, Checks::anything);
        know("x-max-age", STREAM, Checks::age);
        know("x-stream-max-segment-size-bytes", STREAM, Checks::notNegative);
        know("x-stream-filter-size-bytes", STREAM, Checks::notNegative);
        know("x-initial-cluster-size", STREAM, Checks::positive);
        know(
                "x-queue-leader-locator",
                ALL,
                Checks.oneOf(
                        "invalid_queue_locator_arg",
                        "client-local",
                        "balanced",
                        "random",
                        "least-leaders"));
        for (Type type : Type.values()) {
            KNOWN.put(type, inOrder(type));
        }
    }

    private static void know(String name, Set<Type> types, Check check) {
        BY_NAME.put(name, new QueueArgument(name, types, check));
    }

    /// Looks at the value of an argument; says what is wrong in RabbitMQ's words, `null` if nothing is.
    @FunctionalInterface
    public interface Check {
        @Nullable String wrong(Object value, FieldTable arguments);
    }

    static @Nullable QueueArgument named(String name) {
        return BY_NAME.get(name);
    }

    /// Names of those that a type of queue takes, in the order in which RabbitMQ compares them.
    static List<String> known(Type type) {
        return KNOWN.getOrDefault(type, List.of());
    }

    private static List<String> inOrder(Type type) {
        List<String> first = type == Type.QUORUM ? QUORUM_ORDER : List.of();
        Stream<String> others =
                BY_NAME.values().stream()
                        .filter(argument -> argument.types.contains(type))
                        .map(QueueArgument::name)
                        .filter(name -> !first.contains(name));
        return Stream.concat(first.stream(), others).toList();
    }

    /// What a queue is declared as, `classic` if nothing is said.
    static Object typeName(FieldTable arguments) {
        Object name = arguments.get(TYPE);
        return name == null || name.equals("") || name.equals("undefined") ? "classic" : name;
    }

    /// The type that is declared, `null` if there is no such type.
    public static @Nullable Type type(FieldTable arguments) {
        return switch (String.valueOf(typeName(arguments))) {
            case "classic" -> Type.CLASSIC;
            case "quorum" -> Type.QUORUM;
            case "stream" -> Type.STREAM;
            default -> null;
        };
    }

    /// What is wrong with sizes of a stream, where RabbitMQ has a sentence of its own.
    static @Nullable String wrongStreamSize(FieldTable arguments) {
        Long segment = FieldNumbers.integer(arguments.get("x-stream-max-segment-size-bytes"));
        if (segment != null && segment > MAX_STREAM_SEGMENT_BYTES) {
            return "Exceeded max value for x-stream-max-segment-size-bytes";
        }
        Long filter = FieldNumbers.integer(arguments.get("x-stream-filter-size-bytes"));
        return filter != null && (filter < 16 || filter > 255)
                ? "Invalid value for x-stream-filter-size-bytes"
                : null;
    }
}
