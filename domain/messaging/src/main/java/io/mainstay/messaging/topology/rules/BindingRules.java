package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.api.ExchangeView.Routing;
import io.mainstay.messaging.api.TopologyChange.Bind;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTypes;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// What may be a binding of an exchange, by its way of routing.
public final class BindingRules {

    private static final int MAX_WEIGHT = 10_000;
    private static final Set<String> MATCHES = Set.of("all", "any", "all-with-x", "any-with-x");

    private BindingRules() {}

    /// `null` if nothing is wrong.
    public static @Nullable Refused refusal(Routing routing, Bind wish) {
        String wrong =
                switch (routing) {
                    case HEADERS -> wrongMatch(wish.arguments().get("x-match"));
                    case CONSISTENT_HASH -> wrongWeight(wish.routingKey());
                    case DIRECT, FANOUT, TOPIC -> null;
                };
        return wrong == null ? null : new Refused(Reason.PRECONDITION_FAILED, wrong);
    }

    /// Buckets of a binding to an exchange with consistent hashing: 1 to 10,000.
    public static int weight(String routingKey) {
        Integer weight = integer(routingKey);
        return weight == null ? 1 : Math.clamp(weight, 1, MAX_WEIGHT);
    }

    private static @Nullable String wrongMatch(@Nullable Object match) {
        if (match == null || (match instanceof String text && MATCHES.contains(text))) {
            return null;
        }
        return match instanceof String
                ? "Invalid x-match field value %s; expected all, any, all-with-x, or any-with-x"
                        .formatted(FieldWords.term(match))
                : "Invalid x-match field type %s (value %s); expected longstr"
                        .formatted(FieldTypes.name(match), FieldWords.term(match));
    }

    private static @Nullable String wrongWeight(String routingKey) {
        Integer weight = integer(routingKey);
        if (weight == null) {
            return "The binding key must be an integer: " + FieldWords.term(routingKey);
        }
        if (weight < 1) {
            return "The binding key must be greater than 0";
        }
        return weight > MAX_WEIGHT ? "The binding key must not exceed " + MAX_WEIGHT : null;
    }

    private static @Nullable Integer integer(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
