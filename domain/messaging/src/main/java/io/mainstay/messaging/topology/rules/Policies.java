package io.mainstay.messaging.topology.rules;

import io.mainstay.common.Check;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// The policies of one virtual host, or its operator policies. For each queue or exchange one is in effect: the one with the highest priority (of equals the
/// one whose name comes first) whose pattern is found in the name. One that speaks of what a type of queue does not know is not for that type. Immutable.
public final class Policies {

    private static final String NO_POLICY = "no policy is for the queue of a delayed exchange";

    public static final Policies NONE = new Policies(List.of());

    private static final Set<String> STREAM_KEYS =
            Set.of("max-age", "stream-max-segment-size-bytes", "initial-cluster-size");
    private static final Set<String> NOT_FOR_CLASSIC =
            Set.of(
                    "delivery-limit",
                    "dead-letter-strategy",
                    "max-in-memory-length",
                    "max-in-memory-bytes",
                    "target-group-size");
    private static final Set<String> NOT_FOR_QUORUM =
            Set.of(
                    "max-priority",
                    "queue-mode",
                    "ha-mode",
                    "ha-params",
                    "ha-sync-mode",
                    "ha-promote-on-shutdown",
                    "ha-promote-on-failure",
                    "queue-master-locator");
    private static final Set<String> NOT_FOR_STREAM =
            Set.of(
                    "expires",
                    "message-ttl",
                    "dead-letter-exchange",
                    "dead-letter-routing-key",
                    "max-length",
                    "overflow");

    private final List<Compiled> byPriority;

    private Policies(List<Compiled> byPriority) {
        this.byPriority = byPriority;
    }

    public static Policies of(Collection<PolicyView> policies) {
        return new Policies(
                policies.stream()
                        .sorted(
                                Comparator.comparingInt(PolicyView::priority)
                                        .reversed()
                                        .thenComparing(PolicyView::name))
                        .map(policy -> new Compiled(policy, GuardedPattern.of(policy.pattern())))
                        .toList());
    }

    public @Nullable PolicyView ofExchange(String name) {
        for (Compiled each : byPriority) {
            String applyTo = each.policy.applyTo();
            if ((applyTo.equals("all") || applyTo.equals("exchanges"))
                    && each.pattern.isFoundIn(name)) {
                return each.policy;
            }
        }
        return null;
    }

    public @Nullable PolicyView ofQueue(String name, QueueView.Type type) {
        for (Compiled each : byPriority) {
            if (each.isFor(type) && each.pattern.isFoundIn(name)) {
                return each.policy;
            }
        }
        return null;
    }

    private record Compiled(PolicyView policy, GuardedPattern pattern) {

        boolean isFor(QueueView.Type type) {
            String own =
                    switch (type) {
                        case CLASSIC -> "classic_queues";
                        case QUORUM -> "quorum_queues";
                        case STREAM -> "streams";
                        case DELAYED -> throw new Check.BrokenAssumption(NO_POLICY);
                    };
            String applyTo = policy.applyTo();
            return (applyTo.equals("all") || applyTo.equals("queues") || applyTo.equals(own))
                    && policy.definition().values().keySet().stream()
                            .allMatch(key -> knows(type, key));
        }

        private static boolean knows(QueueView.Type type, String key) {
            return switch (type) {
                case CLASSIC -> !NOT_FOR_CLASSIC.contains(key) && !STREAM_KEYS.contains(key);
                case QUORUM -> !NOT_FOR_QUORUM.contains(key) && !STREAM_KEYS.contains(key);
                case STREAM ->
                        !NOT_FOR_STREAM.contains(key)
                                && !NOT_FOR_CLASSIC.contains(key)
                                && !NOT_FOR_QUORUM.contains(key);
                case DELAYED -> throw new Check.BrokenAssumption(NO_POLICY);
            };
        }
    }
}
