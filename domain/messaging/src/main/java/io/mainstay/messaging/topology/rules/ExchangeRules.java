package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.api.ExchangeView.Routing;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTypes;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// What may be declared as an exchange.
public final class ExchangeRules {

    public static final String ALTERNATE = "alternate-exchange";
    public static final String DELAYED = "x-delayed-message";
    static final String DELAYED_TYPE = "x-delayed-type";
    private static final String RESERVED = "amq.";
    private static final Set<String> HASH_PROPERTIES =
            Set.of("correlation_id", "message_id", "timestamp");

    private ExchangeRules() {}

    /// How an exchange of that type routes, `null` if there is no such type.
    public static @Nullable Routing routing(String type, FieldTable arguments) {
        if (type.equals(DELAYED)) {
            return arguments.get(DELAYED_TYPE) instanceof String inner ? plain(inner) : null;
        }
        return plain(type);
    }

    private static @Nullable Routing plain(String type) {
        return switch (type) {
            case "direct" -> Routing.DIRECT;
            case "fanout" -> Routing.FANOUT;
            case "topic" -> Routing.TOPIC;
            case "headers" -> Routing.HEADERS;
            case "x-consistent-hash" -> Routing.CONSISTENT_HASH;
            default -> null;
        };
    }

    /// Where messages wait at a delayed exchange.
    public static QueueView delayQueue(
            long id, int group, String vhost, String exchange, boolean durable) {
        return new QueueView(
                id,
                group,
                vhost,
                exchange,
                QueueView.Type.DELAYED,
                durable,
                false,
                "",
                FieldTable.EMPTY,
                QueueSettings.DEFAULT,
                "",
                "");
    }

    /// Whether the name is one of those that the broker keeps for itself.
    public static boolean isReserved(String name) {
        return name.startsWith(RESERVED);
    }

    public static Refused defaultExchange() {
        return new Refused(
                Reason.ACCESS_REFUSED, "operation not permitted on the default exchange");
    }

    /// Of a type that there is not, whether the exchange is there or not; `null` if the type is known.
    public static @Nullable Refused unknownType(DeclareExchange wish) {
        return wish.type().equals(DELAYED) || plain(wish.type()) != null
                ? null
                : new Refused(
                        Reason.COMMAND_INVALID, "unknown exchange type '" + wish.type() + "'");
    }

    /// Of an exchange that is not there yet; `null` if nothing is wrong.
    public static @Nullable Refused refusal(DeclareExchange wish) {
        if (isReserved(wish.name())) {
            return new Refused(
                    Reason.ACCESS_REFUSED,
                    "exchange name '" + wish.name() + "' contains reserved prefix 'amq.*'");
        }
        FieldTable arguments = wish.arguments();
        Object alternate = arguments.get(ALTERNATE);
        if (alternate != null && !(alternate instanceof String)) {
            return failed(
                    "invalid type '%s' for arg '%s' in %s"
                            .formatted(
                                    FieldTypes.name(alternate),
                                    ALTERNATE,
                                    Names.exchange(wish.vhost(), wish.name())));
        }
        Routing routing = routing(wish.type(), arguments);
        if (routing == null) {
            return failed(
                    "Invalid argument, '" + DELAYED_TYPE + "' must be an existing exchange type");
        }
        return routing == Routing.CONSISTENT_HASH ? hash(arguments) : null;
    }

    private static @Nullable Refused hash(FieldTable arguments) {
        Object header = arguments.get("hash-header");
        Object property = arguments.get("hash-property");
        if (header != null && property != null) {
            return failed("hash-header and hash-property are mutually exclusive");
        }
        if (property != null && !HASH_PROPERTIES.contains(FieldWords.value(property))) {
            return failed("Unsupported property: " + FieldWords.value(property));
        }
        return header == null || header instanceof String
                ? null
                : failed("hash-header must be a string, not " + FieldTypes.name(header));
    }

    private static Refused failed(String message) {
        return new Refused(Reason.PRECONDITION_FAILED, message);
    }
}
