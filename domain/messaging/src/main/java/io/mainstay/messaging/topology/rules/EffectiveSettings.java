package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueSettings.Overflow;
import io.mainstay.messaging.api.QueueView.Type;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

/// What arguments, policy and operator policy together ask of a queue. Of two limits the lower one counts, of other settings the operator's, then the
/// argument, then the policy; for streams, and for what happens at the limit of a quorum queue, the policy goes before the argument. Values that are
/// of no use count as missing.
public final class EffectiveSettings {

    private static final long DEFAULT_DELIVERY_LIMIT = 20;
    private static final int MAX_PRIORITY = 255;

    private final Type type;
    private final FieldTable arguments;
    private final FieldTable policy;
    private final FieldTable operator;

    private EffectiveSettings(
            Type type,
            FieldTable arguments,
            @Nullable PolicyView policy,
            @Nullable PolicyView operator) {
        this.type = type;
        this.arguments = arguments;
        this.policy = policy == null ? FieldTable.EMPTY : policy.definition();
        this.operator = operator == null ? FieldTable.EMPTY : operator.definition();
    }

    public static QueueSettings of(
            Type type,
            FieldTable arguments,
            @Nullable PolicyView policy,
            @Nullable PolicyView operator) {
        return new EffectiveSettings(type, arguments, policy, operator).settings();
    }

    /// Where an exchange sends what no binding takes; empty: nowhere.
    public static String alternate(FieldTable arguments, @Nullable PolicyView policy) {
        Object argument = arguments.get(ExchangeRules.ALTERNATE);
        Object value =
                argument == null && policy != null
                        ? policy.definition().get(ExchangeRules.ALTERNATE)
                        : argument;
        return value instanceof String name ? name : "";
    }

    private QueueSettings settings() {
        return type == Type.STREAM ? streamSettings() : queueSettings();
    }

    /// Whatever else a policy for all queues asks, a stream does not take it.
    private QueueSettings streamSettings() {
        return new QueueSettings(
                QueueSettings.NONE,
                QueueSettings.NONE,
                QueueSettings.NONE,
                preferPolicy("max-length-bytes"),
                Overflow.DROP_HEAD,
                null,
                null,
                0,
                false,
                QueueSettings.NONE,
                maxAge(),
                QueueSettings.NONE);
    }

    private QueueSettings queueSettings() {
        return new QueueSettings(
                limit("message-ttl"),
                limit("expires"),
                limit("max-length"),
                limit("max-length-bytes"),
                overflow(),
                text("dead-letter-exchange"),
                text("dead-letter-routing-key"),
                maxPriority(),
                Boolean.TRUE.equals(arguments.get("x-single-active-consumer")),
                type == Type.QUORUM ? deliveryLimit() : QueueSettings.NONE,
                QueueSettings.NONE,
                limit("consumer-timeout"));
    }

    private @Nullable Long number(FieldTable table, String key) {
        Long number = FieldNumbers.integer(table.get(key));
        return number == null || number < 0 ? null : number;
    }

    private long limit(String key) {
        long lowest = Long.MAX_VALUE;
        lowest = lower(lowest, number(arguments, "x-" + key));
        lowest = lower(lowest, number(policy, key));
        lowest = lower(lowest, number(operator, key));
        return lowest == Long.MAX_VALUE ? QueueSettings.NONE : lowest;
    }

    private static long lower(long lowest, @Nullable Long other) {
        return other == null ? lowest : Math.min(lowest, other);
    }

    /// The lower one of the policies; the argument only where they say nothing.
    private long preferPolicy(String key) {
        long lowest = lower(Long.MAX_VALUE, number(policy, key));
        lowest = lower(lowest, number(operator, key));
        if (lowest < Long.MAX_VALUE) {
            return lowest;
        }
        Long argument = number(arguments, "x-" + key);
        return argument == null ? QueueSettings.NONE : argument;
    }

    private @Nullable String text(String key) {
        Object argument = arguments.get("x-" + key);
        Object value = argument instanceof String ? argument : policy.get(key);
        return value instanceof String text ? text : null;
    }

    private Overflow overflow() {
        Object fromPolicies =
                operator.get("overflow") == null
                        ? policy.get("overflow")
                        : operator.get("overflow");
        Object argument = arguments.get("x-overflow");
        boolean policyFirst = type == Type.QUORUM && fromPolicies != null;
        Object value = argument == null || policyFirst ? fromPolicies : argument;
        return switch (String.valueOf(value)) {
            case "reject-publish" -> Overflow.REJECT_PUBLISH;
            case "reject-publish-dlx" -> Overflow.REJECT_PUBLISH_DLX;
            default -> Overflow.DROP_HEAD;
        };
    }

    private int maxPriority() {
        Long priority = number(arguments, "x-max-priority");
        return priority == null || type != Type.CLASSIC
                ? 0
                : (int) Math.min(priority, MAX_PRIORITY);
    }

    /// Negative values mean no limit, and any limit is lower than that; 20 if nothing is said.
    private long deliveryLimit() {
        Long argument = FieldNumbers.integer(arguments.get("x-delivery-limit"));
        Long user = FieldNumbers.integer(policy.get("delivery-limit"));
        Long cap = FieldNumbers.integer(operator.get("delivery-limit"));
        if (argument == null && user == null && cap == null) {
            return DEFAULT_DELIVERY_LIMIT;
        }
        long lowest = Long.MAX_VALUE;
        for (@Nullable Long each : new @Nullable Long[] {argument, user, cap}) {
            if (each != null && each >= 0) {
                lowest = Math.min(lowest, each);
            }
        }
        return lowest == Long.MAX_VALUE ? QueueSettings.NONE : lowest;
    }

    private long maxAge() {
        Object value =
                policy.get("max-age") == null ? arguments.get("x-max-age") : policy.get("max-age");
        Long ms = value instanceof String text ? MaxAge.ms(text) : null;
        return ms == null ? QueueSettings.NONE : ms;
    }
}
