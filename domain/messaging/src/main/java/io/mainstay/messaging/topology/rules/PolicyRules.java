package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.api.TopologyChange.PutPolicy;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What may stand in a policy. Asked before a command is proposed, see [QueueRules].
public final class PolicyRules {

    private static final Set<String> APPLY_TO =
            Set.of("all", "exchanges", "queues", "classic_queues", "quorum_queues", "streams");

    /// Key, check, and what a value that fails it is not.
    private static final Map<String, Setting> SETTINGS = new HashMap<>();

    private static final Set<String> FOR_OPERATORS =
            Set.of(
                    "expires",
                    "message-ttl",
                    "max-length",
                    "max-length-bytes",
                    "max-in-memory-length",
                    "max-in-memory-bytes",
                    "delivery-limit",
                    "queue-version",
                    "overflow",
                    "queue-master-locator",
                    "target-group-size",
                    "member-placement-tag",
                    "delayed-retry-type",
                    "delayed-retry-min",
                    "delayed-retry-max",
                    "ha-mode",
                    "ha-params",
                    "ha-sync-mode");

    static {
        know("alternate-exchange", Checks::text, "alternate exchange name");
        know("consumer-timeout", Checks::notNegative, "consumer timeout");
        know("consumer-disconnected-timeout", Checks::notNegative, "consumer disconnected timeout");
        know("dead-letter-exchange", Checks::text, "dead letter exchange name");
        know("dead-letter-routing-key", Checks::text, "dead letter routing key");
        know(
                "dead-letter-strategy",
                Checks.oneOf("", "at-most-once", "at-least-once"),
                "dead letter strategy");
        know("message-ttl", Checks::notNegative, "message TTL");
        know("expires", Checks::positive, "queue expiry");
        know("max-length", Checks::notNegative, "maximum length");
        know("max-length-bytes", Checks::notNegative, "maximum length in bytes");
        know("max-in-memory-length", Checks::notNegative, "maximum memory in bytes");
        know("max-in-memory-bytes", Checks::notNegative, "maximum memory in bytes");
        know("queue-mode", Checks.oneOf("", "default", "lazy"), "queue-mode value");
        know("queue-version", Checks::version, "queue-version value");
        know(
                "overflow",
                Checks.oneOf("", "drop-head", "reject-publish", "reject-publish-dlx"),
                "overflow value");
        know("delivery-limit", Checks::integer, "delivery limit");
        know("max-age", Checks::age, "max age");
        know("stream-max-segment-size-bytes", Checks::notNegative, "segment size");
        know("stream-filter-size-bytes", Checks::notNegative, "filter size. Valid range is 16-255");
        know("initial-cluster-size", Checks::notNegative, "cluster size");
        know("target-group-size", Checks::notNegative, "target group size");
        know(
                "queue-leader-locator",
                Checks.oneOf("", "client-local", "balanced", "random", "least-leaders"),
                "queue leader locator value");
        // Without effect here, as a cluster replicates everything: kept, so that what is there can
        // be imported.
        List.of(
                        "queue-master-locator",
                        "member-placement-tag",
                        "delayed-retry-type",
                        "delayed-retry-min",
                        "delayed-retry-max",
                        "ha-mode",
                        "ha-params",
                        "ha-sync-mode",
                        "ha-sync-batch-size",
                        "ha-promote-on-shutdown",
                        "ha-promote-on-failure",
                        "federation-upstream",
                        "federation-upstream-set")
                .forEach(key -> know(key, Checks::anything, key));
    }

    private PolicyRules() {}

    private static void know(String key, QueueArgument.Check check, String what) {
        SETTINGS.put(key, new Setting(check, what));
    }

    private record Setting(QueueArgument.Check check, String what) {}

    /// `null` if nothing is wrong.
    public static @Nullable Refused refusal(PutPolicy policy) {
        String wrong = wrong(policy);
        return wrong == null ? null : new Refused(Reason.PRECONDITION_FAILED, wrong);
    }

    private static @Nullable String wrong(PutPolicy policy) {
        if (policy.name().isEmpty()) {
            return "a policy needs a name";
        }
        if (!APPLY_TO.contains(policy.applyTo())) {
            return "apply-to '%s' unrecognised; should be one of: 'queues', 'classic_queues',  'quorum_queues', 'streams', 'exchanges', or 'all'"
                    .formatted(policy.applyTo());
        }
        String wrong = GuardedPattern.wrong(policy.pattern());
        return wrong == null ? wrong(policy.definition(), policy.operator()) : wrong;
    }

    private static @Nullable String wrong(FieldTable definition, boolean operator) {
        if (definition.isEmpty()) {
            return "no policy provided";
        }
        for (Map.Entry<String, Object> entry : definition.values().entrySet()) {
            String key = entry.getKey();
            Setting setting = SETTINGS.get(key);
            if (setting == null || (operator && !FOR_OPERATORS.contains(key))) {
                return "[{%s,%s}] are not recognised policy settings"
                        .formatted(FieldWords.term(key), FieldWords.term(entry.getValue()));
            }
            if (setting.check.wrong(entry.getValue(), definition) != null) {
                return "%s is not a valid %s"
                        .formatted(FieldWords.term(entry.getValue()), setting.what);
            }
        }
        return null;
    }
}
